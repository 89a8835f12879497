"""The filters of lists of providers, a topic a module."""
