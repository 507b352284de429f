"""Smart lists: saved questions about people and what they did, answered by one query each time they are asked."""
