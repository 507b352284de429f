"""Sales persons: the owners that leads, companies and opportunities name."""
