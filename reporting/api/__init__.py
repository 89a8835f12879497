"""The read API: areas, returns, long waits and figures, through the selectors of the pages."""
