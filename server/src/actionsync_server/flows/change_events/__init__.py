"""Change events of Salesforce: they say that there is something to read, and the polls read it at once.

A stream that is down loses nothing, since the polls go on at their intervals.
"""
