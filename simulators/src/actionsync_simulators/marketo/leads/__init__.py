"""People: reading, writing, merging, deleting them, and what they belong to."""
