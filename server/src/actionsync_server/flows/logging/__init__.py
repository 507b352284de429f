"""Logging activities as Salesforce Tasks: finding the record they belong to, and writing the Task."""
