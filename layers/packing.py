"""Arrays as they travel to the browser: one gzip of a small JSON head and the numbers behind it."""

import gzip
import json

import numpy as np

#: What a number may be on the way, with the name the browser knows it by.
_KINDS = {"u1": np.uint8, "u4": np.uint32, "i4": np.int32, "f4": np.float32}


def packed(head: dict, arrays: dict[str, np.ndarray]) -> bytes:
    """Four bytes of length, that much JSON, then the arrays one after another, all little endian, in gzip.

    The head gets a key `arrays`, a list of (name, kind, how many). The head and each array are padded to a multiple
    of 4, so that the browser reads them where they lie. Raises KeyError for a type of number the browser does not know.
    """
    names = {np.dtype(kind): name for name, kind in _KINDS.items()}
    listed = [(name, names[numbers.dtype], numbers.size) for name, numbers in arrays.items()]
    said = json.dumps(head | {"arrays": listed}, separators=(",", ":"), ensure_ascii=False).encode()
    parts = [_padded(said), *(_padded(_bytes_of(numbers)) for numbers in arrays.values())]
    body = len(parts[0]).to_bytes(4, "little") + b"".join(parts)
    return gzip.compress(body, compresslevel=1, mtime=0)


def _bytes_of(numbers: np.ndarray) -> bytes:
    return numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()


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
        arrays[name] = np.frombuffer(plain, dtype=f"<{kind}", count=count, offset=at)
        at += -(-arrays[name].nbytes // 4) * 4
    return head, arrays
