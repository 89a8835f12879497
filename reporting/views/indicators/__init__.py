"""Pages of the indicators: all of them, one across areas, one of an area, and what each means."""
