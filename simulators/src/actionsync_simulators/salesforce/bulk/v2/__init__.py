"""Bulk API 2.0, below {base}/jobs: ingest jobs and query jobs, in CSV."""
