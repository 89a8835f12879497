"""Overviews: England, a region, a partnership, a provider, each at its own address."""
