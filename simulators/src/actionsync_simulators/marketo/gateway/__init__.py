"""What every call passes: reading it, routing, tokens, quota, the envelope of its answer."""
