"""What comes from the network: pages, and whether addresses answer."""
