"""Every change of what follows treatment."""
