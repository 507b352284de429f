"""What the org says of its objects and fields."""
