"""The one file each user has under repair: on disk, reached by its owner only, gone after a day."""

import shutil
import time
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from gis.accounts.users import User
from web.planning.files import kept

_AGE = 24 * 3600


def folder_of(user: User) -> Path:
    return Path(settings.MEDIA_ROOT) / "repairs" / str(user.pk)


def keep(user: User, upload: UploadedFile | None) -> Path:
    """The upload, instead of the one before. Raises Refused."""
    folder = folder_of(user)
    forget(user)
    folder.mkdir(parents=True, mode=0o700)
    return kept(upload, folder)


def path_of(user: User) -> Path | None:
    """The file under repair, if there is one. What is older than a day goes, whoever brought it."""
    for folder in folder_of(user).parent.glob("*"):
        if time.time() - folder.stat().st_mtime > _AGE:
            shutil.rmtree(folder, ignore_errors=True)
    return next(iter(folder_of(user).glob("upload*")), None)


def forget(user: User) -> None:
    shutil.rmtree(folder_of(user), ignore_errors=True)
