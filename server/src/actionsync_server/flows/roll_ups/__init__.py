"""The roll-up fields ("most recent activity") of Salesforce records: noted with the activity, written by and by.

noting    in the transaction that logs an activity
writing   the worker's step: many records in one call, each at most once a minute
"""
