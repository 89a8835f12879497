"""The results of the indicators and what follows from them."""
