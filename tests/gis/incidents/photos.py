"""Photos for tests, made pixel by pixel, with what a phone writes into them."""

import io
import struct

from PIL import Image

#: Somewhere in the small town, as a camera writes it: degrees, minutes, seconds.
GPS = {1: "N", 2: (40.0, 7.0, 48.0), 3: "E", 4: (116.0, 39.0, 36.0)}
SECRET = "Owner-Name-13800000000"


def a_picture(width: int = 80, height: int = 60, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue; the upper left quarter is white, so that every turn shows."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    image.paste("white", (0, 0, width // 2, height // 2))
    return image.convert(mode)


def a_jpeg(width: int = 80, height: int = 60, orientation: int = 1, **more) -> bytes:
    """A JPEG as a phone makes it: turned, with position, owner, comment, XMP, colour profile."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9C9B] = orientation, "Phone", SECRET.encode("utf-16-le")
    exif[0x8825] = GPS
    out = io.BytesIO()
    xmp = f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode()
    said = {"exif": exif, "comment": SECRET.encode(), "xmp": xmp, "icc_profile": SECRET.encode() * 8, "quality": 92}
    a_picture(width, height).save(out, "JPEG", **said | more)
    return out.getvalue()


def written(image: Image.Image, kind: str, **more) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG up to its first scan, read by hand."""
    assert jpeg[:2] == b"\xff\xd8"
    at, found = 2, []
    while True:
        lead, marker, length = struct.unpack(">BBH", jpeg[at : at + 4])
        assert lead == 0xFF
        found.append(marker)
        if marker == 0xDA:
            return found
        at += 2 + length
