"""The serving process: signs in to the database as the runtime login."""

import os

os.environ.setdefault("WANGGE_SERVING", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
