"""Where delivery meets what is printed: the letters and readers of one workspace."""
