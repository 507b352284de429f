"""Unsubscribes (F6): recorded by address, pushed to Salesforce at once, compared with Salesforce both ways.

recording   what is learned of an address becomes rows, history and pushes, in one transaction
registry    what callers record, list and remove
following   people who come, change their address, or are merged
writing     pushes to Salesforce's opt-out field
comparing   the two-way pass, and Salesforce's changes in between
"""
