"""Many listeners of the live feed in one thread, and one that asks for the list every two seconds instead."""

import asyncio
import json
import re
import time
import urllib.request
from contextlib import suppress
from threading import Event, Thread
from urllib.parse import urlsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from gis.models import User

#: Between two turns of a listener that leaves and comes back; every fifth does.
_AWAY_EVERY_S, _LEAVES = 2.0, 5


def a_session(name: str) -> str:
    """The key of a session in which that account is signed in."""
    user, session = User.objects.get(username=name), SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "web.sign_in.PostingsBackend"
    session.save()
    return session.session_key


class Listener:
    """One open map without a picture. `told` is (number, state) → times at which it was told."""

    def __init__(self, name: str, session: str, leaves: bool) -> None:
        self.name, self.session, self.leaves = name, session, leaves
        self.told: dict[tuple[str, str], list[float]] = {}
        self.position = ""
        self.visits = 0
        self.started = asyncio.Event()

    async def listen(self, host: str, port: int) -> None:
        while True:
            patience = _AWAY_EVERY_S if self.leaves and self.visits else None
            try:
                await asyncio.wait_for(self._visit(host, port), patience)
            except TimeoutError:
                continue

    async def _visit(self, host: str, port: int) -> None:
        reader, writer = await asyncio.open_connection(host, port, limit=2**22)
        try:
            after = f"Last-Event-ID: {self.position}\r\n" if self.position else ""
            asked = f"GET /live/ HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: sessionid={self.session}\r\n{after}\r\n"
            writer.write(asked.encode())
            self.visits += 1
            await self._read(reader)
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        event = position = ""
        while line := (await reader.readline()).decode():
            name, _, value = line.rstrip("\r\n").partition(": ")
            if name == "event":
                event = value
            elif name == "id":
                position = value
            elif name == "data":
                self._hear(event, json.loads(value))
                self.position, position = position or self.position, ""
                if event == "start":
                    self.started.set()
                    if self.leaves and self.visits == 1:
                        return

    def _hear(self, event: str, said: dict) -> None:
        if event == "anew" or said.get("many"):
            raise RuntimeError("a listener was told to read everything again: nothing can be counted")
        for one in said.get("incidents", ()):
            self.told.setdefault((one["number"], one["state"]), []).append(time.time())


class Listeners:
    """Listeners for (name, session), in a loop of their own. Entered, all of them have been let in."""

    def __init__(self, url: str, who: list[tuple[str, str]]) -> None:
        place = urlsplit(url)
        self._host, self._port = place.hostname, place.port
        self._who = who
        self.all: list[Listener] = []
        self._ready, self._loop = Event(), asyncio.new_event_loop()

    def __enter__(self) -> "Listeners":
        Thread(target=self._run, daemon=True).start()
        if not self._ready.wait(30):
            raise RuntimeError("the listeners were not let in")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)

    @property
    def reconnections(self) -> int:
        return sum(max(0, one.visits - 2) for one in self.all if one.leaves)

    def wait_for(self, number: int, seconds: float) -> None:
        """Until whoever hears everything has heard so many, or the time is over."""
        deadline = time.monotonic() + seconds
        while max(len(one.told) for one in self.all) < number and time.monotonic() < deadline:
            time.sleep(0.05)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._listen())
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)

    async def _listen(self) -> None:
        self.all = [Listener(name, session, i % _LEAVES == 0) for i, (name, session) in enumerate(self._who)]
        async with asyncio.TaskGroup() as tasks:
            for one in self.all:
                tasks.create_task(one.listen(self._host, self._port))
            await asyncio.gather(*(one.started.wait() for one in self.all))
            self._ready.set()


class Poller:
    """The yardstick: the newest page of the list, every two seconds."""

    def __init__(self, url: str, session: str) -> None:
        headers = {"Cookie": f"sessionid={session}", "Accept": "text/html"}
        self._request = urllib.request.Request(url + "/incidents/", headers=headers)  # noqa: S310 - our own address
        self.told: dict[tuple[str, str], list[float]] = {}
        self.kilobytes = 0.0
        self._end = Event()

    def __enter__(self) -> "Poller":
        Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()

    def _run(self) -> None:
        while not self._end.wait(2.0):
            with urllib.request.urlopen(self._request) as answer:  # noqa: S310 - our own address
                page = answer.read().decode()
            self.kilobytes = len(page) / 1000
            for number in re.findall(r"N\d{6}", page):
                self.told.setdefault((number, "reported"), []).append(time.time())
