"""The web application for gunicorn and its like."""

import os

from django.core.wsgi import get_wsgi_application

from config.start import start_servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
start_servers()
application = get_wsgi_application()
