"""Holds what a simulator says of its calls against what the tests really saw of it."""
