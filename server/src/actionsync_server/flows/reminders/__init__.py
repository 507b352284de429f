"""Reminder tasks (F5): kept for sellers, two-way with Salesforce Tasks while the settings say so.

keeping    what callers do with them
pushing    a change of ours becomes a delivery, at most one open at a time for each task
writing    the writer of that lane: meets the Salesforce Task, then writes what is ours to write
reading    what changed in Salesforce: activation, polls, new tasks, deletions
"""
