"""The sending of an issue: one row a reader, claimed, sent and put on record."""
