"""Reads that answer a page's question about figures and long waits."""
