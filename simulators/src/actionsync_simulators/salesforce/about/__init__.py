"""What the API says of itself: versions, resources, limits, record counts."""
