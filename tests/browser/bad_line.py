"""A line between a phone and the server that fails where a test wants it to: real sockets, nothing intercepted."""

import socket
from contextlib import suppress
from threading import Thread

_SUBMISSION = b"POST /field/submissions/"


class BadLine:
    """Passes everything through, until `mode` says otherwise.

    "down": no connection lives. "cut": a submission breaks off after `most` bytes of it. "deaf": a submission reaches
    the server whole, its answer is lost. `lost` counts what was lost so. `reworded` are bytes of answers and as many
    others put in their place.
    """

    def __init__(self, server: str, most: int = 20_000) -> None:
        self.mode, self.most, self.lost = "through", most, 0
        self.reworded = (b"", b"")
        self._server = ("127.0.0.1", int(server.rpartition(":")[2]))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        Thread(target=self._listen, daemon=True).start()

    def go_down(self) -> None:
        self.mode = "down"
        for one in list(self._open):
            _close(one)

    def close(self) -> None:
        self.go_down()
        _close(self._listening)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                phone, _address = self._listening.accept()
                Thread(target=self._serve, args=[phone], daemon=True).start()

    def _serve(self, phone: socket.socket) -> None:
        if self.mode == "down":
            return _close(phone)
        try:
            server = socket.create_connection(self._server)
        except OSError:  # the server is being started again
            return _close(phone)
        self._open |= {phone, server}
        passing = _Passing(self, phone, server)
        Thread(target=passing.answers, daemon=True).start()
        passing.requests()
        self._open -= {phone, server}
        return None


class _Passing:
    """One connection, both ways."""

    def __init__(self, line: BadLine, phone: socket.socket, server: socket.socket) -> None:
        self._line, self._phone, self._server = line, phone, server
        self._fate = "through"

    def requests(self) -> None:
        passed = 0
        with suppress(OSError):
            while piece := self._phone.recv(8192):
                if piece.startswith((b"GET ", b"POST ")):
                    passed, self._fate = 0, self._line.mode if piece.startswith(_SUBMISSION) else "through"
                passed += len(piece)
                self._server.sendall(piece)
                if self._fate == "cut" and passed > self._line.most:
                    self._line.lost += 1
                    break
        self._end()

    def answers(self) -> None:
        with suppress(OSError):
            while piece := self._server.recv(8192):
                if self._fate == "deaf":
                    self._line.lost += 1
                    break
                self._phone.sendall(piece.replace(*self._line.reworded) if self._line.reworded[0] else piece)
        self._end()

    def _end(self) -> None:
        _close(self._phone)
        _close(self._server)


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
