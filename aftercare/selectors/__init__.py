"""What pages and services of aftercare read, a topic a module."""
