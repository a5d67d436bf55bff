"""The WeChat edition: fragments of HTML that need no style sheet, and what goes with them."""
