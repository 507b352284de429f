"""The Pub/Sub API: a gRPC server on the event log."""
