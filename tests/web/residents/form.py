"""The residents' form filled in as a browser would."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.browsing import Browser
from tests.gis.incidents.photos import a_jpeg
from tests.gis.incidents.residents.reporting import PHONE, kind, somewhere

ADDRESS = "/report/"


def ticket_of(page) -> str:
    return re.search(r'name="ticket" value="([^"]+)"', page.content.decode())[1]


def filled(visitor: Browser, **more) -> dict:
    """What the form sends that this visitor has just opened."""
    point = somewhere()
    body = {
        "ticket": ticket_of(visitor.get(ADDRESS)), "lat": point.y, "lon": point.x, "category": kind(),
        "text": "水管爆了", "name": "顾某", "phone": PHONE,
    }  # fmt: skip
    return body | more


def sent(visitor: Browser, **more) -> str:
    """Send a report; the address of its page."""
    answer = visitor.post(ADDRESS, filled(visitor, **more))
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def a_photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", a_jpeg(200, 100))
