"""Bulk jobs: many rows in and out, asynchronously; Bulk API 2.0 in `v2`, Bulk API 1.0 in `v1`, and what they share."""
