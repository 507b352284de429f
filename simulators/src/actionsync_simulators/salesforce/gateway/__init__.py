"""What every call passes: reading it, routing, limits, headers, the form of its errors."""
