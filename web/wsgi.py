"""The serving process: signs in to the database as the runtime login."""

import os

os.environ.setdefault("WANGGE_SERVING", "1")
os.environ["WANGGE_PAGES"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")

from threading import Thread

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from gis.places.search import copy as addresses  # noqa: E402 - models are there only now
from layers import incident_copy, kept_figures, risk  # noqa: E402

for copy in (addresses, incident_copy, kept_figures, risk):
    Thread(target=copy.warm, name=f"read {copy.__name__}", daemon=True).start()
