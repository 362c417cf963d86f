"""Signing what is sent, so that the receiver knows it is ours, whole, and of now.

`Wangge-Signature: t=1767225600,v1=HEX`, where HEX is HMAC-SHA-256 under the webhook's secret over `t`, a full stop and
the body as it came. The time is of the sending: a receiver refuses what is older than some minutes, and so what
somebody else recorded and sends again.
"""

import hmac

#: Seconds within which a signature is of now.
FRESH = 300


def sign(key: bytes, body: bytes, at: int) -> str:
    """The header for a body that is sent at a moment (seconds since 1970)."""
    return f"t={at},v1={_digest(key, body, at)}"


def is_signed(key: bytes, body: bytes, header: str, now: int) -> bool:
    """What a receiver does: whether a body is signed with the secret, and of now."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    text = parts.get("t", "")
    if not (text.isascii() and text.isdigit() and len(text) < 12) or abs(now - int(text)) > FRESH:
        return False
    return hmac.compare_digest(_digest(key, body, int(text)).encode(), parts.get("v1", "").encode())


def _digest(key: bytes, body: bytes, at: int) -> str:
    return hmac.digest(key, f"{at}.".encode() + body, "sha256").hex()
