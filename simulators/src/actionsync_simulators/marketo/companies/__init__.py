"""Companies: their records, and the people who share their data."""
