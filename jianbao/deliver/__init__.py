"""Sending out what was built."""
