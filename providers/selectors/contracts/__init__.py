"""Reads about contracts: what they cost, whose it is, what waits for whom."""
