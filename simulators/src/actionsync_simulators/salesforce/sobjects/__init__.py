"""Rows over HTTP: one, by external id, in collections, and what changed since."""
