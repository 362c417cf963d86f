"""The one file each user has under repair: on disk, reached by its owner only, gone after a day.

Beside the file lie the outline it is to fill (`outline`), what a job found in it (`found.json`, until then
`progress.json`), and what was accepted, step by step (`accepted.json`).
"""

import json
import os
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from gis.accounts.users import User
from web.planning.files import kept

_AGE = 24 * 3600
#: Steps of consent that can be taken back.
_MOST_STEPS = 50


def folder_of(user: User) -> Path:
    return Path(settings.MEDIA_ROOT) / "repairs" / str(user.pk)


def keep(user: User, upload: UploadedFile | None, outline: str = "") -> Path:
    """The upload, instead of the one before. Raises Refused."""
    folder = folder_of(user)
    forget(user)
    (folder / "upload").mkdir(parents=True, mode=0o700)
    path = kept(upload, folder / "upload")  # under its own name, whatever that is
    (folder / "outline").write_text(outline)
    return path


def path_of(user: User) -> Path | None:
    """The file under repair, if there is one. What is older than a day goes, whoever brought it."""
    for folder in folder_of(user).parent.glob("*"):
        if time.time() - folder.stat().st_mtime > _AGE:
            shutil.rmtree(folder, ignore_errors=True)
    return next(iter(folder_of(user).glob("upload/*")), None)


def forget(user: User) -> None:
    shutil.rmtree(folder_of(user), ignore_errors=True)


def outline_of(path: Path) -> str:
    """The code of the area that the outlines of a file are to fill, "" for none."""
    return _read(_beside(path, "outline"))


def tell(path: Path, said: dict) -> None:
    """How far a job is: percent, or the trouble it ended in."""
    _write(_beside(path, "progress.json"), json.dumps(said))


def told(path: Path) -> dict | None:
    text = _read(_beside(path, "progress.json"))
    return json.loads(text) if text else None


def store_found(path: Path, text: str) -> None:
    _write(_beside(path, "found.json"), text)


def found_in(path: Path) -> str:
    return _read(_beside(path, "found.json"))


def steps_of(path: Path) -> list[dict[str, str]]:
    """What was accepted, the last step last: each says all that is accepted then."""
    text = _read(_beside(path, "accepted.json"))
    return json.loads(text) if text else []


def accept(path: Path, wishes: dict[str, str]) -> None:
    steps = steps_of(path)
    if wishes != (steps[-1] if steps else {}):
        _write(_beside(path, "accepted.json"), json.dumps([*steps, wishes][-_MOST_STEPS:]))


def take_back(path: Path) -> None:
    _write(_beside(path, "accepted.json"), json.dumps(steps_of(path)[:-1]))


def _beside(path: Path, name: str) -> Path:
    return path.parent.with_name(name)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _write(path: Path, text: str) -> None:
    """Whole or not at all. Nothing where the file was given up meanwhile."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text)
        fresh.replace(path)
    except FileNotFoundError:
        return
