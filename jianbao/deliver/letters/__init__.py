"""The letter of an issue, and the mark of each reader's copy."""
