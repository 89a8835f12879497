"""The web application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from config.readiness import load_everything

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
load_everything()
