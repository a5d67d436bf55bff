"""Rounds of fetching: which list is due, what came of asking it, what is kept."""
