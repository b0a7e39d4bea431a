"""The web application for gunicorn and its like."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.start import start_servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
start_servers()
application = get_wsgi_application()
# What is loaded stays for good: looking through all of it again and again would hold up a request by a tenth of a second.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
