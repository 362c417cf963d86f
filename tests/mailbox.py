"""A real mail server on this machine, for tests: it speaks SMTP and keeps what it is given."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread


class _Conversation(socketserver.StreamRequestHandler):
    """One client. Recipients that begin with "nobody" are refused."""

    def handle(self) -> None:
        self._say(220, "mailbox")
        for line in self.rfile:
            word = line.decode().strip().upper()
            if word.startswith("QUIT"):
                self._say(221, "bye")
                return
            if word.startswith("DATA"):
                self._say(354, "go on")
                self._keep()
            elif word.startswith("RCPT TO:<NOBODY"):
                self._say(550, "nobody of that name")
                continue
            self._say(250, "ok")

    def _keep(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))

    def _say(self, code: int, text: str) -> None:
        self.wfile.write(f"{code} {text}\r\n".encode())


class Mailbox(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.messages: list[EmailMessage] = []

    @property
    def port(self) -> int:
        return self.server_address[1]


@contextmanager
def a_mailbox(settings) -> Iterator[Mailbox]:
    """A mail server that Django's settings point to for as long as the block lasts."""
    with Mailbox() as box:
        Thread(target=box.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield box
        box.shutdown()
