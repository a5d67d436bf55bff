"""Where gathering meets what is printed: sources, the inbox and items of one workspace."""
