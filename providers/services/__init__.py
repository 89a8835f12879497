"""What changes providers and their agencies."""
