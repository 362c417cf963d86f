"""Looking for what is wrong with a large file of boundaries."""

from pathlib import Path

from django.utils import translation

from gis.accounts.users import User
from gis.errors import WanggeError
from web.repair.case import look
from web.repair.keeping import found_in, path_of, tell


def check(key: int, language: str) -> None:
    """The file that a user has under repair, if it is still there."""
    path = path_of(User.objects.get(pk=key))
    if path is None or found_in(path):
        return
    with translation.override(language or None):
        try:
            look(path, lambda share: _told(path, share))
        except WanggeError as refused:
            tell(path, {"trouble": refused.message, "fix": refused.fix})


def _told(path: Path, share: float) -> None:
    tell(path, {"percent": min(99, int(100 * share))})
