"""The forms of contracts, one thing a page."""
