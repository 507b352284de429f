"""The control calls that only this simulator has."""
