"""Change events: what every committed transaction publishes, over the Pub/Sub API (gRPC) and CometD."""
