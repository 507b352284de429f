"""Opportunities and the roles that people have in them."""
