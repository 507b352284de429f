"""The fields that a person has, what may be written into them, and how describe tells it."""
