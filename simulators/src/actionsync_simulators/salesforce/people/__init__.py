"""Lead conversion and merge with all their effects."""
