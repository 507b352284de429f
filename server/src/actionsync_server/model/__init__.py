"""The domain, pure: no input or output, no time of its own, no import of any other layer."""
