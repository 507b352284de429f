"""CometD: the event log over Bayeux long polling."""
