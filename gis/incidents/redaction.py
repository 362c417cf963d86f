"""Black boxes over faces, number plates and names in a photo, before anybody outside sees it.

The covered picture is drawn anew from the pixels that are left, so nothing beneath a box is in the file; and smaller
than the original, so that what a box left out is harder to make out.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from gis.errors import Refused
from gis.incidents.photo import SMALL, Photo

#: The longer side of what is shown in public, pixels.
PUBLIC = 1280
MOST_BOXES = 60
_QUALITY = 80
#: Pixels added on every side: the edge of a face is not where a hand puts it.
_MARGIN = 2


@dataclass(frozen=True)
class Box:
    """A rectangle in percent of a photo's width and height, from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    def __str__(self) -> str:
        return " ".join(f"{number:g}" for number in (self.left, self.top, self.width, self.height))


def read_boxes(text: str) -> tuple[Box, ...]:
    """The boxes in a text, one a line: left, top, width, height in percent. What lies outside the photo is cut off.

    Raises Refused for a line that says something else: a box that is overlooked would show what it was to hide.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_BOXES:
        raise _wrong(_("黑框超过 %(most)d 个。") % {"most": MOST_BOXES}, _("请用大一些的黑框代替几个小的。"))
    return tuple(_read_box(number, line) for number, line in enumerate(lines, 1))


def _read_box(number: int, line: str) -> Box:
    try:
        left, top, width, height = (float(part) for part in line.replace(",", " ").split())
    except ValueError:
        raise _unreadable(number) from None
    right, bottom = min(left + width, 100.0), min(top + height, 100.0)
    box = Box(max(left, 0.0), max(top, 0.0), right - max(left, 0.0), bottom - max(top, 0.0))
    if not all(map(math.isfinite, (left, top, width, height))) or box.width <= 0 or box.height <= 0:
        raise _unreadable(number)
    return box


def _unreadable(number: int) -> Refused:
    said = _("第 %(number)d 个黑框无法识别。") % {"number": number}
    return _wrong(said, _("请写四个数：左、上、宽、高，都是照片宽和高的百分之几。"))


def _wrong(message: str, fix: str) -> Refused:
    return Refused(message, fix=fix, fields={"boxes": f"{message} {fix}"})


def cover(jpeg: bytes, boxes: Sequence[Box]) -> Photo:
    """A photo of ours with its boxes painted black, for the public."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        # Pixels alone: nothing that the file says of itself goes along.
        image = Image.frombytes("RGB", opened.size, opened.convert("RGB").tobytes())
    paint = ImageDraw.Draw(image)
    for box in boxes:
        paint.rectangle(_corners(box, image.size), fill="black")
    image.thumbnail((PUBLIC, PUBLIC), Image.Resampling.LANCZOS)
    return Photo(_written(image, PUBLIC), _written(image, SMALL), *image.size)


def _corners(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The outermost pixels of a box, rounded outwards."""
    width, height = size
    return (
        math.floor(box.left / 100 * width) - _MARGIN,
        math.floor(box.top / 100 * height) - _MARGIN,
        math.ceil((box.left + box.width) / 100 * width) + _MARGIN,
        math.ceil((box.top + box.height) / 100 * height) + _MARGIN,
    )


def _written(image: Image.Image, side: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return out.getvalue()
