"""A Chinese font for the pictures that the server paints. Browsers bring their own."""

from pathlib import Path

from web.start import debian
from web.start.problems import CannotStart
from web.start.say import part, step

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
_FILES = ("*CJK*.tt[cf]", "*CJK*.otf", "wqy-*.ttc", "DroidSansFallback*.ttf", "SourceHanSans*", "NotoSansSC*")
#: The smallest there is, two megabytes.
_PACKAGE = "fonts-droid-fallback"


def has_chinese_font() -> bool:
    folders = [Path(folder) for folder in (*_FOLDERS, Path.home() / ".local/share/fonts")]
    return any(next(folder.rglob(pattern), None) for folder in folders if folder.is_dir() for pattern in _FILES)


def wish_for_font() -> None:
    """Install a font where we may and there is none. Without one everything works but the pictures, which say so."""
    if has_chinese_font() or not debian.may_install():
        return
    with part("font"):
        try:
            debian.install([_PACKAGE], "a Chinese font")
        except CannotStart as problem:
            step(f"reports as pictures will not work: {problem.message}")
