"""Programs: their channels and statuses, and the people who are members of them."""
