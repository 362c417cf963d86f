"""Making an uploaded photo harmless: whatever comes in is drawn anew, and only the drawing is kept.

Upright, no larger than needed, without a byte of what it came with: position, camera, owner's name, comments, colour
profile, a thumbnail of what was cropped away, a second file hung on behind. Nothing of an upload itself is ever stored,
so a file that is an image and something else at a time comes out as an image.
"""

import io
import warnings
from dataclasses import dataclass
from threading import Lock

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from gis.errors import BadFile

#: Bytes of an upload. A phone page shrinks before it sends; this much is a photo that nobody shrank.
MOST_BYTES = 15 * 2**20
#: Pixels of an upload: more would take more memory than a server has to spare for one photo.
MOST_PIXELS = 50_000_000
#: The longer side of what is kept, and of the small one in a list, pixels.
FULL, SMALL = 2048, 480
#: Passes over a JPEG's picture: cameras and encoders make one to twenty. Each goes over every pixel however little it
#: holds, so a file of megabytes could hold passes for half a day.
_MOST_SCANS = 50
_SCAN = b"\xff\xda"
#: A HEIC is turned into JPEG by the phone that made it; a decoder more would be a way in more.
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = {FULL: 84, SMALL: 78}
#: One photo at a time in a process: a decoded one takes up to four bytes a pixel.
_turn = Lock()


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept: two JPEGs, and the size of the larger one in pixels."""

    full: bytes
    small: bytes
    width: int
    height: int


def clean_photo(upload: bytes) -> Photo:
    """The photo in an upload, drawn anew. Raises BadFile, with what to do, for anything that is no photo."""
    if not upload:
        raise BadFile(_("照片是空的。"), fix=_("请重新拍摄或选择。"))
    if len(upload) > MOST_BYTES:
        size = {"size": round(len(upload) / 2**20), "most": MOST_BYTES // 2**20}
        raise BadFile(
            _("照片有 %(size)d MB，超过 %(most)d MB。") % size, fix=_("请先缩小照片，或从手机页面上报：它会自动缩小。")
        )
    if upload.startswith(b"\xff\xd8") and upload.count(_SCAN) > _MOST_SCANS:
        raise _unreadable(upload)
    with _turn:
        image = _draw(upload)
    return Photo(_written(image, FULL), _written(image, SMALL), *image.size)


def _draw(upload: bytes) -> Image.Image:
    """The picture itself, upright, at most FULL on its longer side."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tags that nobody keeps
            # Between one and two times its limit Pillow only warns.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(upload), formats=_FORMATS) as opened:
                _judge_size(opened.size)
                return _upright(opened)
    except BadFile:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise _too_many_pixels() from bomb
    except Exception as error:
        raise _unreadable(upload) from error


def _judge_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    if min(size) < 1 or max(size) > 100 * min(size):
        raise BadFile(_("照片的长宽不对。"), fix=_("请重新拍摄或选择。"))


def _upright(opened: Image.Image) -> Image.Image:
    opened.draft("RGB", (FULL, FULL))  # a JPEG is decoded no larger than needed
    opened.load()
    flat = _on_white(_turned(opened))
    flat.thumbnail((FULL, FULL), Image.Resampling.LANCZOS)
    # Pixels alone: `info` holds what the file said of itself.
    return Image.frombytes("RGB", flat.size, flat.tobytes())


def _turned(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # noqa: BLE001 - what it says of itself is broken, the picture is not
        return image


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    drawn = image.convert("RGBA")
    ground = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(ground, drawn).convert("RGB")


def _written(image: Image.Image, side: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY[side], optimize=True, progressive=True)
    return out.getvalue()


def _too_many_pixels() -> BadFile:
    most = {"most": MOST_PIXELS // 10_000}
    return BadFile(
        _("照片的像素太多，超过 %(most)d 万。") % most, fix=_("请先缩小照片，或从手机页面上报：它会自动缩小。")
    )


def _unreadable(upload: bytes) -> BadFile:
    named = next((name for sign, name in _SIGNS if sign in upload[:64].lower()), "")
    if named == "HEIC":
        return BadFile(_("服务器不能读取 HEIC 照片。"), fix=_("请另存为 JPEG，或从手机页面上报：它会自动转换。"))
    if named:
        return BadFile(_("这不是照片，是 %(kind)s 文件。") % {"kind": named}, fix=_("请选择 JPEG、PNG 或 WebP 照片。"))
    return BadFile(_("照片损坏或不完整。"), fix=_("请重新拍摄，或选择 JPEG、PNG 或 WebP 照片。"))


#: What else people take for a photo, by how its first bytes look.
_SIGNS = (
    (b"%pdf", "PDF"),
    (b"ftypheic", "HEIC"),
    (b"ftypheix", "HEIC"),
    (b"ftypmif1", "HEIC"),
    (b"ftypmsf1", "HEIC"),
    (b"ftyp", "MP4"),
    (b"<svg", "SVG"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<?xml", "XML"),
    (b"gif8", "GIF"),
    (b"pk\x03\x04", "ZIP"),
)
