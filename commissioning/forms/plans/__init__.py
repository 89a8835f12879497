"""Forms of annual treatment plans."""
