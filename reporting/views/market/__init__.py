"""The market of a region and of England: capacity, gaps, and a map of tiles."""
