"""Forms of aftercare, a topic a module."""
