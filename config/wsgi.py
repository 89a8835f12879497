"""The web application, for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Everything is loaded before the first request and then set aside: to look through it again for
# garbage would hold up one request in ten by a tenth of a second.
get_resolver().url_patterns  # noqa: B018 - read for what it imports
gc.collect()
gc.freeze()
