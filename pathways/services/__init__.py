"""Deeds on returns: a file is received, checked, confirmed, loaded, undone or rejected."""
