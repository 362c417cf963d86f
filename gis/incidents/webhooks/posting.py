"""Posting a body to one address: no redirects, no proxies, no cookies, and never longer than some seconds."""

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from threading import Timer

from gis.incidents.webhooks.guarding import Target

#: Seconds for one read or write, and for all of it: an answer that drips is cut off.
_PATIENCE, _IN_ALL = 5, 10


@dataclass(frozen=True)
class Answer:
    """What came back: the status (0: nothing did), how long it took, and why there was nothing."""

    status: int
    milliseconds: int
    trouble: str = ""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_refused(self) -> bool:
        """Somebody is there and does not want this one; another may be wanted all the same."""
        return 300 <= self.status < 500 and self.status not in (408, 425, 429)


def post(target: Target, body: bytes, headers: dict[str, str]) -> Answer:
    """Post to the address that was looked up, under the name it was looked up by."""
    start, trouble, status = time.monotonic(), "", 0
    connection = _Plain(target) if not target.https else _Secured(target)
    cut = Timer(_IN_ALL, connection.cut)
    cut.start()
    try:
        connection.request("POST", target.path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        # Only the kind: the text of an error may quote what the other side sent.
        trouble = "timed out" if isinstance(error, TimeoutError) else type(error).__name__
    finally:
        cut.cancel()
        connection.close()
    return Answer(status, round((time.monotonic() - start) * 1000), trouble)


class _Plain(http.client.HTTPConnection):
    """A connection to the address of a target; the name stands in the `Host` header only."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=_PATIENCE)
        self._ip = target.ip

    def connect(self) -> None:
        self.sock = socket.create_connection((self._ip, self.port), _PATIENCE)

    def cut(self) -> None:
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


class _Secured(_Plain):
    """The same under TLS, the certificate held against the name."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
