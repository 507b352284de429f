"""Bulk jobs: files of people and activities out of the subscription and into it."""
