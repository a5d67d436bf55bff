"""What brings older databases up: one file a revision, named after it, in order."""
