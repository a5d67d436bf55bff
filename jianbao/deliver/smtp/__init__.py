"""The wire to the mail server, and what its replies mean."""
