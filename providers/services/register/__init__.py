"""Keeping the register: sites, services, their hours, and what they deliver."""
