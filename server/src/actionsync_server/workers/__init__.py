"""Loops, one class each, that let the flows go on by themselves. The work is in the flows."""
