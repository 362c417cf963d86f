"""The feed's own connections, with the login and the rights of the pages (`web.settings.database`)."""

import psycopg
from django.conf import settings


async def connect() -> psycopg.AsyncConnection:
    """A connection outside any transaction, which gives up on a server that does not answer."""
    place = settings.DATABASES["default"]
    options = {name: value for name, value in place["OPTIONS"].items() if name != "pool"}
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    words = {word: str(place[name]) for word, name in named.items() if place.get(name)}
    alive = {
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "connect_timeout": 5,
    }
    words |= {"application_name": "wangge live feed"}
    return await psycopg.AsyncConnection.connect(**{**alive, **words, **options}, autocommit=True)
