"""What pages and services of providers read, a topic a module."""
