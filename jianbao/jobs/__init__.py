"""Work that is done by workers on any number of machines. Procrastinate is known only here."""
