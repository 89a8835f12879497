"""Reads that answer a question about returns over several models."""
