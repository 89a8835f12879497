"""Finding a place that is free, comparing several, and holding one."""
