"""What one browser has yet to receive. Bounded: who reads too slowly starts anew and holds no memory."""

import asyncio
from collections import deque

from gis.accounts.scope import Access

#: Events and bytes that may wait for one browser: minutes of a busy morning.
MOST_WAITING, MOST_BYTES = 200, 1_000_000


class Listener:
    """One open map. `access` is None until the hub has let it in."""

    def __init__(self, session: str, after: str = "") -> None:
        self.session = session
        self.after = after
        self.access: Access | None = None
        self.has_ended = False
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._something = asyncio.Event()

    @property
    def hears(self) -> tuple:
        """Equal for listeners that hear the same."""
        access = self.access or Access.none()
        return tuple(access.which(what).areas for what in ("area.read", "incident.read", "plan.read"))

    def put(self, event: bytes) -> bool:
        """Add an event; False, and nothing waits any more, where too much waited."""
        if self.has_ended or not event:
            return True
        if len(self._waiting) >= MOST_WAITING or self._bytes + len(event) > MOST_BYTES:
            self._waiting.clear()
            self._bytes = 0
            return False
        self._waiting.append(event)
        self._bytes += len(event)
        self._something.set()
        return True

    def end(self, event: bytes = b"") -> None:
        """The last event. What waits before it is dropped: it may no longer be this reader's."""
        self._waiting.clear()
        self._bytes = 0
        self.put(event)
        self.has_ended = True
        self._something.set()

    async def take(self) -> bytes:
        """All that waits, as soon as something does; empty bytes after the end."""
        await self._something.wait()
        taken = b"".join(self._waiting)
        self._waiting.clear()
        self._bytes = 0
        if not self.has_ended:
            self._something.clear()
        return taken
