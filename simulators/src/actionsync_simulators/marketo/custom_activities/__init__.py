"""Activity types that the user defines, and their rows."""
