"""Ways to log in, sessions, and who the user is."""
