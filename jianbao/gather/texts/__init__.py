"""From a page, or what an editor hands over, to the text of an item."""
