"""Forms of providers, a topic a module."""
