"""Pages about returns: sending one, what was found in it, deciding on it, and who sent what."""
