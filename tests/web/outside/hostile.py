"""A provider that lies: discovery, keys and tokens as a test wants them. No real one can be made to."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from joserfc.jws import JWSRegistry

from web.settings.outside import OutsideProvider

SECRET = "the secret of Wangge at the liar 0123456789"
_ALL = JWSRegistry(algorithms=["RS256", "HS256", "none"], strict_check_header=False)


class Liar:
    """`metadata`, `published` and `id_token` are what it answers with next; all are right until a test spoils them."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.keys = [RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})]
        self.published = KeySet(self.keys).as_dict(private=False)
        self.metadata: dict = {
            "issuer": issuer, "authorization_endpoint": f"{issuer}/auth", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys", "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "response_types_supported": ["code"],
        }  # fmt: skip
        self.id_token = ""
        self.userinfo: dict | None = None
        self.asked: list[str] = []

    def claims(self, nonce: str, **changes) -> dict:
        now = int(time.time())
        told = {
            "iss": self.issuer, "sub": "n-1", "aud": "wangge", "nonce": nonce, "iat": now, "exp": now + 300,
            "preferred_username": "li",
        } | changes  # fmt: skip
        return {name: value for name, value in told.items() if value is not None}

    def sign(self, claims: dict, key: RSAKey | OctKey | None = None, **header) -> str:
        key = key or self.keys[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid} | header, claims, key, registry=_ALL)

    def answer(self, path: str) -> object:
        known: dict[str, Callable[[], object]] = {
            "/.well-known/openid-configuration": lambda: self.metadata,
            "/keys": lambda: self.published,
            "/token": lambda: {
                "access_token": "a",
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": self.id_token,
            },
            "/userinfo": lambda: self.userinfo,
        }
        self.asked.append(path)
        return known[path]()


@contextmanager
def a_liar() -> Iterator[tuple[Liar, OutsideProvider]]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(liar.answer(self.path)).encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_said) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        liar = Liar(f"http://127.0.0.1:{listener.server_port}")
        Thread(target=listener.serve_forever, daemon=True).start()
        yield liar, OutsideProvider(liar.issuer, "wangge", SECRET, "市统一认证", "openid profile")
        listener.shutdown()
