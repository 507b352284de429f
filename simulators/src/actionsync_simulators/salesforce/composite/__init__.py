"""Several calls in one: composite and batch."""
