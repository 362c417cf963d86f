"""Arrays as they travel to the browser: one gzip of a small JSON head and the numbers behind it."""

import gzip
import json

import numpy as np

#: What a number may be on the way, with the name the browser knows it by.
_KINDS = {"u1": np.uint8, "u4": np.uint32, "i4": np.int32, "f4": np.float32}
#: A float whose lowest byte is zero in all of an array: the other three bytes, each of all numbers together, because
#: like bytes side by side are pressed better.
_SHORT = "f3"


def packed(head: dict, arrays: dict[str, np.ndarray]) -> bytes:
    """Four bytes of length, that much JSON, then the arrays one after another, all little endian, in gzip.

    The head gets a key `arrays`, a list of (name, kind, how many). The head and each array are padded to a multiple
    of 4, so that the browser reads them where they lie. Raises KeyError for a type of number the browser does not know.
    """
    coded = {name: _coded(numbers) for name, numbers in arrays.items()}
    listed = [(name, kind, arrays[name].size) for name, (kind, _) in coded.items()]
    said = json.dumps(head | {"arrays": listed}, separators=(",", ":"), ensure_ascii=False).encode()
    parts = [_padded(said), *(_padded(content) for _, content in coded.values())]
    body = len(parts[0]).to_bytes(4, "little") + b"".join(parts)
    return gzip.compress(body, compresslevel=1, mtime=0)


def _coded(numbers: np.ndarray) -> tuple[str, bytes]:
    kind = next((name for name, kind in _KINDS.items() if np.dtype(kind) == numbers.dtype), None)
    if kind is None:
        raise KeyError(f"{numbers.dtype} is no number of {', '.join(_KINDS)}")
    little = np.ascontiguousarray(numbers.astype(f"<{kind}"))
    if kind == "f4":
        planes = little.view(np.uint8).reshape(-1, 4).T
        if not planes[0].any():
            return _SHORT, planes[1:].tobytes()
    return kind, little.tobytes()


def _padded(part: bytes) -> bytes:
    return part + b" " * (-len(part) % 4)


def unpacked(body: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Head and arrays of what `packed` made."""
    return parsed(gzip.decompress(body))


def parsed(plain: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The same where somebody has taken the gzip off."""
    at = 4 + int.from_bytes(plain[:4], "little")
    head, arrays = json.loads(plain[4:at]), {}
    for name, kind, count in head["arrays"]:
        size = count * int(kind[1])
        arrays[name] = _decoded(kind, plain[at : at + size])
        at += -(-size // 4) * 4
    return head, arrays


def _decoded(kind: str, content: bytes) -> np.ndarray:
    if kind != _SHORT:
        return np.frombuffer(content, dtype=f"<{kind}")
    planes = np.frombuffer(content, dtype=np.uint8).reshape(3, -1)
    return np.vstack([np.zeros_like(planes[:1]), planes]).T.copy().view("<f4").ravel()
