"""What keeps mail from arriving, found out before the first real message goes out."""
