"""The inbox: candidates, what is proposed for them, and what editors decide."""
