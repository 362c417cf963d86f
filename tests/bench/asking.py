"""Many requests at a time over connections that stay open, asked by a client that costs next to nothing."""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, "" where it is not there."""
        start = self.head.lower().find(f"\r\n{name.lower()}:".encode())
        return self.head[start:].split(b"\r\n")[1].partition(b":")[2].strip().decode() if start >= 0 else ""


class Line:
    """One open connection to a server. `headers` go with every request."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        place = urlsplit(url)
        self._socket = socket.create_connection((place.hostname or "", place.port or 80), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        told = {
            "Host": place.netloc,
            "Connection": "keep-alive",
            "Accept-Encoding": "gzip, deflate, br, zstd",
        } | headers
        self._rest = "".join(f"{name}: {value}\r\n" for name, value in told.items())

    def get(self, path: str, **headers: str) -> Answer:
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self._socket.sendall(f"GET {path} HTTP/1.1\r\n{self._rest}{more}\r\n".encode())
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        answer = Answer(int(head[9:12]), head, body)
        if answer.header("transfer-encoding"):
            return Answer(answer.status, head, self._chunks(body))
        parts, missing = [body], int(answer.header("content-length") or 0) - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return Answer(answer.status, head, b"".join(parts))

    def _chunks(self, data: bytes) -> bytes:
        while not data.endswith(b"0\r\n\r\n"):
            data += self._more()
        return data

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("The server closed the connection.")
        return data

    def close(self) -> None:
        self._socket.close()


@dataclass(frozen=True)
class Run:
    """How long a round took, and each request of it, in seconds."""

    seconds: float
    each: list[float]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.each) / self.seconds


def at_a_time(askers: Sequence[Callable[[str], object]], asked: Sequence[str]) -> Run:
    """Ask everything once, shared out evenly over as many askers as ask at a time."""
    shares = [asked[place :: len(askers)] for place in range(len(askers))]
    start = time.perf_counter()
    with ThreadPoolExecutor(len(askers)) as pool:
        each = list(pool.map(_ask_all, askers, shares))
    return Run(time.perf_counter() - start, list(chain.from_iterable(each)))


def _ask_all(ask: Callable[[str], object], share: Sequence[str]) -> list[float]:
    spent = []
    for one in share:
        start = time.perf_counter()
        ask(one)
        spent.append(time.perf_counter() - start)
    return spent
