"""The activity history: types, feeds, and what the subscription records by itself."""
