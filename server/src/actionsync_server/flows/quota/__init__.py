"""Watches over the calls that the systems allow in a day."""
