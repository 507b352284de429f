"""Smart campaigns: as assets, and as what runs when they are requested or scheduled."""
