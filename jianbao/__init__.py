"""简报: from Markdown items with checked sources to an issue fit for print."""

__version__ = "26.11"
