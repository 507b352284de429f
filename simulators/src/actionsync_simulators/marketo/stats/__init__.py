"""What the API says of its own use."""
