"""退信: what comes back to the address of the sender, and what follows from it."""
