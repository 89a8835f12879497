"""Deeds on annual treatment plans, a verb a module."""
