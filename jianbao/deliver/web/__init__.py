"""The reader's own pages: confirm, leave, see and take along what is kept."""
