"""Puts the apps together: settings, addresses, the queue and the local servers.

Nothing imports it but the servers and the command line.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
