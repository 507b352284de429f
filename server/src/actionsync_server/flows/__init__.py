"""The use cases, named for the flows. Handlers and workers are thin; what happens, happens here."""
