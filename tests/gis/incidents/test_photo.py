"""Whatever comes in goes out as a plain, upright JPEG that says nothing of where it came from."""

import io
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from gis.errors import BadFile
from gis.incidents import photo
from gis.incidents.photo import FULL, SMALL, clean_photo
from tests.gis.incidents.photos import SECRET, a_jpeg, a_picture, segments, written

#: Start of frame, tables and scan; APP0 is the bare JFIF head. Anything else would be something told.
_PLAIN = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xDD}


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg), formats=["JPEG"])


def tells_nothing(jpeg: bytes) -> bool:
    image = opened(jpeg)
    words = SECRET.encode() not in jpeg and SECRET.encode("utf-16-le") not in jpeg and b"Phone" not in jpeg
    return set(segments(jpeg)) <= _PLAIN and words and not image.getexif() and set(image.info) <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"
    }  # fmt: skip


def test_it_removes_all_that_the_camera_wrote():
    upload = a_jpeg()
    assert SECRET.encode() in upload
    cleaned = clean_photo(upload)
    assert tells_nothing(cleaned.full)
    assert tells_nothing(cleaned.small)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_turns_the_picture_upright(orientation):
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    upright = a_picture(80, 60)
    stored = upright.transpose(turns[orientation]) if orientation in turns else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    cleaned = opened(clean_photo(written(stored, "JPEG", exif=exif, quality=95)).full)
    assert cleaned.size == (80, 60)
    near = [tuple(round(value / 255) for value in cleaned.getpixel(at)) for at in ((20, 15), (20, 45), (60, 30))]
    assert near == [(1, 1, 1), (1, 0, 0), (0, 0, 1)]


def test_it_shrinks_and_makes_a_small_one():
    cleaned = clean_photo(a_jpeg(4000, 3000))
    assert (cleaned.width, cleaned.height) == (FULL, FULL * 3 // 4) == opened(cleaned.full).size
    assert max(opened(cleaned.small).size) == SMALL
    assert opened(clean_photo(a_jpeg(60, 40)).full).size == (60, 40)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("PNG", "I;16"), ("WEBP", "RGB"), ("JPEG", "CMYK"),
     ("JPEG", "L"), ("PNG", "LA")],
)  # fmt: skip
def test_it_takes_every_usual_kind(kind, mode):
    image = a_picture() if mode != "I;16" else Image.new("I;16", (80, 60), 30000)
    assert tells_nothing(clean_photo(written(image if mode == "I;16" else image.convert(mode), kind)).full)


def test_what_is_transparent_becomes_white():
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert opened(clean_photo(written(clear, "PNG")).full).getpixel((20, 20)) == (255, 255, 255)


def test_a_moving_picture_is_its_first_one():
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "blue")]
    upload = written(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert opened(clean_photo(upload).full).getpixel((15, 15))[0] > 200


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>" * 50)
    return out.getvalue()


@pytest.mark.parametrize("tail", [a_zip(), b"<script>alert(1)</script>", b"%PDF-1.7 trailer", a_jpeg()])
def test_nothing_hung_on_behind_comes_through(tail):
    cleaned = clean_photo(a_jpeg() + tail)
    assert tells_nothing(cleaned.full)
    assert cleaned.full.endswith(b"\xff\xd9")
    assert b"script" not in cleaned.full
    assert b"PDF" not in cleaned.full
    assert b"PK\x03\x04" not in cleaned.full


def test_a_script_in_a_comment_does_not_come_through():
    assert b"script" not in clean_photo(a_jpeg(comment=b"<script>alert(1)</script>" * 20)).full


@pytest.mark.parametrize(
    ("upload", "word"),
    [
        (b"", "空"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj" * 100, "PDF"),
        (b"%PDF-1.7\n" + a_jpeg(), "PDF"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"GIF89a" + b"\0" * 40, "GIF"),
        (a_zip(), "ZIP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "MP4"),
        (a_jpeg()[:400], "损坏"),
        (a_jpeg(800, 600)[:-2000], "损坏"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 5000, "损坏"),
        (written(a_picture(), "BMP"), "损坏"),
        (written(a_picture(), "TIFF"), "损坏"),
        (written(a_picture(), "PNG")[:120], "损坏"),
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_photo_and_says_why(upload, word):
    with pytest.raises(BadFile) as refused:
        clean_photo(upload)
    assert word in refused.value.message
    assert refused.value.fix


def a_bomb(side: int) -> bytes:
    """A PNG of side × side white pixels in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    row = b"\0" + b"\xff" * ((side + 7) // 8)
    rows = zlib.compressobj(9)
    body = b"".join(rows.compress(row) for _ in range(side)) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 10_000, 15_000])
def test_it_refuses_a_bomb_before_it_goes_off(side):
    """8,000² is over our own limit, 10,000² is where Pillow only warns, 15,000² where it refuses."""
    bomb = a_bomb(side)
    assert len(bomb) < 200_000
    with pytest.raises(BadFile, match="像素"):
        clean_photo(bomb)


def test_it_refuses_what_nobody_shrank(monkeypatch):
    monkeypatch.setattr(photo, "MOST_BYTES", 1000)
    with pytest.raises(BadFile, match="超过"):
        clean_photo(a_jpeg(400, 300))


def test_it_refuses_a_thread_of_pixels():
    with pytest.raises(BadFile, match="长宽"):
        clean_photo(written(a_picture(4000, 2), "PNG"))


_WHOLE = a_jpeg(64, 48)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(_WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_broken_bytes_are_cleaned_or_refused_never_else(changes):
    upload = bytearray(_WHOLE)
    for at, value in changes:
        upload[at] = value
    with suppress(BadFile):
        cleaned = clean_photo(bytes(upload))
        assert tells_nothing(cleaned.full)
        assert tells_nothing(cleaned.small)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_reason(upload):
    with pytest.raises(BadFile) as refused:
        clean_photo(upload)
    assert refused.value.fix


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 8), st.sampled_from(["JPEG", "PNG", "WEBP"]))
def test_any_size_comes_out_upright_and_no_larger(width, height, orientation, kind):
    if max(width, height) > 100 * min(width, height):
        return
    exif = Image.Exif()
    exif[0x0112] = orientation
    cleaned = clean_photo(written(a_picture(width, height), kind, exif=exif))
    upright = (width, height) if orientation < 5 else (height, width)
    assert (cleaned.width, cleaned.height) == upright == opened(cleaned.full).size


def test_it_refuses_a_picture_that_is_gone_over_without_end(monkeypatch):
    """Every pass costs a decoder the whole picture: a tenth of a second for seventy bytes."""
    jpeg = written(a_picture(), "JPEG", progressive=True)
    last, end = jpeg.rindex(b"\xff\xda"), jpeg.rindex(b"\xff\xd9")
    assert clean_photo(jpeg).width == 80
    monkeypatch.setattr(photo, "_draw", lambda upload: pytest.fail("It was decoded."))
    with pytest.raises(BadFile):
        clean_photo(jpeg[:end] + jpeg[last:end] * 1000 + jpeg[end:])
