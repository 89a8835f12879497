"""Pages of the quarterly return of Tier 1 and Tier 2 work."""
