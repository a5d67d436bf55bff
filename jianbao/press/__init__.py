"""Set a checked issue: the press takes nothing else.

Nothing is imported here: the engine's process starts before anything else is needed.
"""
