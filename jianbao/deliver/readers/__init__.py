"""Who gets the issues: their lists, what they decided, and files of them."""
