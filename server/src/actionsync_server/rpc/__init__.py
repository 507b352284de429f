"""The gRPC edge: turns the contract into calls of the flows, and what the flows raise into statuses.

Handlers are transport-neutral (`async def get_person(self, request, call)`); one adapter, grpc_server, serves them.
"""
