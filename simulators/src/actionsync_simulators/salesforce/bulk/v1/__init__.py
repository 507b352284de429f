"""Bulk API 1.0, below /services/async: jobs made of batches, in CSV, JSON or XML."""
