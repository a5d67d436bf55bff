"""Lists and feeds of sources, read as entries."""
