"""The Smart Grid (F3): Marketo's activity of a person or account beside our own, live or as last read.

reading   asks Marketo for what is new about people, several calls at a time, and stores it
loading   puts stored and own rows together as the panel shows them
"""
