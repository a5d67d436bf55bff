"""The revisions. What is here never changes once it is released."""
