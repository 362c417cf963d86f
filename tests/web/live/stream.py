"""A listener of the feed as a test reads it: one event after the other."""

import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Event:
    name: str
    said: dict
    position: str


class Stream:
    """Asks for `/live/` and reads events. `status` is HTTP's; `position` that of the last event that had one."""

    def __init__(self, url: str, session: str = "", after: str = "", headers: dict | None = None) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        asked = dict(headers or {})
        asked |= {"Cookie": f"sessionid={session}"} if session else {}
        asked |= {"Last-Event-ID": after} if after else {}
        self._connection.request("GET", "/live/", headers=asked)
        self._answer = self._connection.getresponse()
        self.status = self._answer.status
        self.headers = self._answer.headers
        self.position = after

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._answer.close()
        self._connection.close()

    def next(self) -> Event | None:
        """The next event, signs of life included; None at the end of the stream."""
        fields: dict[str, str] = {}
        while line := self._answer.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        if not fields:
            return None
        self.position = fields.get("id", self.position)
        return Event(fields["event"], json.loads(fields["data"]), fields.get("id", ""))

    def until(self, *names: str) -> Event:
        """The next event of these names; those before it are passed over."""
        deadline = time.monotonic() + 90
        while (event := self.next()) and time.monotonic() < deadline:
            if event.name in names:
                return event
        raise AssertionError(f"the stream ended before {' or '.join(names)}")

    def started(self) -> "Stream":
        """This stream, from where it has been let in."""
        self.until("start")
        return self

    def incidents(self, number: int = 1) -> list[dict]:
        """The next incidents that are told; commits that follow each other closely may come in one event."""
        told: list[dict] = []
        while len(told) < number:
            told += self.until("news").said.get("incidents", [])
        return told

    def numbers(self, number: int = 1) -> list[str]:
        return [one["number"] for one in self.incidents(number)]
