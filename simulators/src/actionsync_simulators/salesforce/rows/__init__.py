"""Rows: checking, creating, reading, changing and deleting them as the vendor does."""
