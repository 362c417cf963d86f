"""Hears that something was committed, reads it once, and gives each listener what is theirs.

Every reading is one repeatable-read transaction: what was committed since the last reading, the rows as they are, and
what a browser that comes back has missed, all under one snapshot. So a browser that catches up to that snapshot gets
from the next reading exactly what follows, in whatever order transactions end. What is read is handed out only when all
of it is there, without waiting in between: a reading that fails halfway has told nobody anything.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field

import psycopg

from gis.news import CHANNEL
from web.live.admission import Answer, admit
from web.live.database import connect
from web.live.listener import Listener
from web.live.news import News, event, here, read_news
from web.live.position import Position, seal, unseal
from web.operation.metrics.counted import LISTENERS

logger = logging.getLogger(__name__)
#: Between two questions whether those who listen still may.
CHECK_S = 2.0
#: A sign of life, and the position from which a browser would catch up.
BEAT_S = 15.0
#: Commits that follow each other this quickly are read together.
_TOGETHER_S = 0.03
_PATIENCE_S = (0.2, 0.5, 1.0, 2.0, 3.0)


@dataclass
class _Reading:
    position: Position
    news: News | None = None
    missed: dict[str, News | None] = field(default_factory=dict)  # by what a joining browser came with
    answers: dict[str, Answer] = field(default_factory=dict)


class Hub:
    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.position: Position | None = None
        self.away_since: float | None = time.time()
        self._joining: list[Listener] = []
        self._wake = asyncio.Event()
        self._check_at = 0.0

    # ── listeners ──

    def join(self, listener: Listener) -> None:
        """Let it in at the next reading, which is at once."""
        self._joining.append(listener)
        if self.away_since is not None:
            listener.put(self._away())
        self._wake.set()

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        if listener in self._joining:
            self._joining.remove(listener)

    # ── the life of the process ──

    async def run(self) -> None:
        """Follow the database until cancelled, across its restarts."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_following())
            tasks.create_task(self._beat())

    async def _keep_following(self) -> None:
        failures = 0
        while True:
            try:
                await self._follow()
            except (psycopg.Error, OSError) as error:
                failures = 0 if self.away_since is None else failures + 1
                self._lose(error)
            await asyncio.sleep(_PATIENCE_S[min(failures, len(_PATIENCE_S) - 1)])

    async def _follow(self) -> None:
        async with await connect() as ear, await connect() as reader:
            await reader.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            await reader.set_read_only(True)
            # Listening first: what commits before the first reading is read then, what commits later is heard.
            await ear.execute(f"LISTEN {CHANNEL}")
            hearing = asyncio.create_task(self._hear(ear))
            hearing.add_done_callback(lambda _: self._wake.set())
            try:
                while True:
                    self._wake.clear()
                    await self._read_and_tell(reader)
                    await self._rest()
                    if hearing.done():
                        hearing.result()
            finally:
                hearing.cancel()

    async def _hear(self, ear: psycopg.AsyncConnection) -> None:
        async for _ in ear.notifies():
            self._wake.set()
        raise psycopg.OperationalError("the database stopped telling")

    async def _rest(self) -> None:
        """Until something happened, or it is time to ask whether those who listen still may."""
        await asyncio.sleep(_TOGETHER_S)
        try:
            # Nobody listens: nothing to ask. (A minute, so that a connection that died unnoticed is noticed.)
            seconds = max(0.0, self._check_at - time.monotonic()) if self.listeners else 60.0
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            pass

    def _lose(self, error: Exception) -> None:
        if self.away_since is not None:
            return
        # Its text may name a host or a login, not a row.
        logger.warning("the database is away: %s", type(error).__name__)
        self.away_since = time.time()
        self._give_all(self._away())

    def _away(self) -> bytes:
        return event("away", {"since": int((self.away_since or time.time()) * 1000)})

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            LISTENERS.set(len(self.listeners))
            self._give_all(self._away() if self.away_since is not None else event("beat", {}, self._mark()))

    # ── reading ──

    async def _read_and_tell(self, reader: psycopg.AsyncConnection) -> None:
        joining = list(self._joining)
        if not (joining or self.listeners):
            self.position = None  # whoever comes next says where they stand
            await reader.execute("SELECT 1")
            self._found()
            return
        async with reader.transaction():
            reading = await self._read(reader, joining)
        self._tell(reading, joining)

    async def _read(self, reader: psycopg.AsyncConnection, joining: list[Listener]) -> _Reading:
        snapshot, database = await here(reader)
        reading = _Reading(Position(snapshot, database))
        sessions = {listener.session for listener in joining}
        if time.monotonic() >= self._check_at:
            sessions |= {listener.session for listener in self.listeners}
        reading.answers = await admit(reader, sessions) if sessions else {}
        if self.position and self.listeners:
            reading.news = await self._news_between(reader, self.position, reading.position)
        for after in {listener.after for listener in joining if listener.after}:
            since = unseal(after)
            reading.missed[after] = await self._news_between(reader, since, reading.position) if since else None
        return reading

    async def _news_between(self, reader: psycopg.AsyncConnection, since: Position, now: Position) -> News | None:
        """None where they cannot be told: it is another database, or one restored to an earlier day."""
        if since.database != now.database or _end_of(since.snapshot) > _end_of(now.snapshot):
            return None
        return await read_news(reader, since.snapshot) if since.snapshot != now.snapshot else News()

    # ── telling: nothing here waits ──

    def _tell(self, reading: _Reading, joining: list[Listener]) -> None:
        told_before = self.position is not None
        self.position = reading.position
        self._found()
        if time.monotonic() >= self._check_at:
            self._check_at = time.monotonic() + CHECK_S
        for listener in list(self.listeners):
            self._check(listener, reading.answers.get(listener.session))
        if told_before:
            self._tell_news(reading.news)
        for listener in joining:
            self._let_in(listener, reading)

    def _check(self, listener: Listener, answer: Answer | None) -> None:
        if answer is None:
            return
        if answer.access is None:
            self._refuse(listener, answer)
        elif answer.access != listener.access:
            listener.access = answer.access
            self._give(listener, self._anew("scope"))

    def _refuse(self, listener: Listener, answer: Answer) -> None:
        listener.end(event("closed", {"why": answer.refused}))
        self.listeners.discard(listener)

    def _tell_news(self, news: News | None) -> None:
        if news is None:
            if self.listeners:
                self._give_all(self._anew("unknown"))
            return
        mark, said = self._mark(), {}
        for listener in list(self.listeners):
            if listener.hears not in said:
                heard = news.heard_by(listener.access)
                said[listener.hears] = event("news", heard, mark) if heard else b""
            self._give(listener, said[listener.hears])

    def _let_in(self, listener: Listener, reading: _Reading) -> None:
        if listener not in self._joining:
            return  # has left while we read
        self._joining.remove(listener)
        answer = reading.answers[listener.session]
        if answer.access is None:
            return self._refuse(listener, answer)
        listener.access = answer.access
        self.listeners.add(listener)
        if listener.after:
            missed = reading.missed[listener.after]
            heard = missed.heard_by(answer.access, at_once=False) if missed else {}
            self._give(listener, self._anew("away") if missed is None else event("news", heard) if heard else b"")
        self._give(listener, event("start", {}, self._mark()))

    def _found(self) -> None:
        if self.away_since is not None:
            self.away_since = None
            if self.position:
                self._give_all(event("beat", {}, self._mark()))

    def _mark(self) -> str:
        return seal(self.position) if self.position else ""

    def _anew(self, why: str) -> bytes:
        return event("anew", {"why": why}, self._mark())

    def _give_all(self, said: bytes) -> None:
        for listener in [*self.listeners, *self._joining]:
            self._give(listener, said)

    def _give(self, listener: Listener, said: bytes) -> None:
        if not listener.put(said):
            listener.put(self._anew("slow"))


def _end_of(snapshot: str) -> int:
    """The first transaction that had not begun."""
    return int(snapshot.split(":")[1])
