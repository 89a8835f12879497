"""Reads that answer a page's question across several records."""
