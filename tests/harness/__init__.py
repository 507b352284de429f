"""What several test folders share: a virtual clock, a migrated store, a whole world in one process."""
