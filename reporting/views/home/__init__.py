"""The home page: look here first, what waits, and the days to come, by whom one acts for."""
