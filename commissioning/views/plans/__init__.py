"""Pages of annual treatment plans, a part of the plan a module."""
