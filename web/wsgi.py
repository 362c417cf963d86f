"""The serving process: signs in to the database as the runtime login."""

import os

os.environ.setdefault("WANGGE_SERVING", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")

from threading import Thread

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from layers.incident_copy import warm  # noqa: E402 - models are there only now

Thread(target=warm, name="read incidents", daemon=True).start()
