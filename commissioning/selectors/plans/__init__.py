"""What is read of annual treatment plans."""
