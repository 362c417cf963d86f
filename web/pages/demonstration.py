"""The accounts of the demonstration town, offered where one signs in. A real installation has none of them."""

from dataclasses import dataclass

from django.utils import timezone

from gis.accounts.roles import roles
from gis.models import Area, CellVersion, Posting
from web.pages.choices import full_name

#: Written by `make_town` and printed by `manage.py up`.
USERNAMES = ("li", "zhou", "wang", "zhao", "sun", "he", "chen", "admin")
PASSWORD = "Wangge-demo-2026"  # noqa: S105 - of invented accounts, printed for everyone


@dataclass(frozen=True)
class Account:
    username: str
    role: str
    place: str
    password: str = PASSWORD


def accounts() -> list[Account]:
    """The demonstration accounts in force today, empty unless the town is the demonstration."""
    if not Area.objects.filter(source="demo").exists():
        return []
    today = timezone.localdate()
    held = Posting.objects.on(today).filter(user__username__in=USERNAMES, user__is_active=True).select_related("user")
    listed = sorted(held, key=lambda posting: USERNAMES.index(posting.user.username))
    names = _names({posting.area for posting in listed})
    return [
        Account(posting.user.username, str(posting.role_row), names.get(posting.area, posting.area))
        for posting in listed
        if posting.role in roles()
    ]


def _names(codes: set[str]) -> dict[str, str]:
    """Names of areas and cells by code, a cell's with its community before it."""
    areas = {area.code: str(area) for area in Area.objects.filter(code__in=codes | {code[:12] for code in codes})}
    cells = CellVersion.objects.on(timezone.localdate()).filter(code__in=codes)
    return areas | {cell.code: full_name(cell.name, areas.get(cell.code[:12], "")) for cell in cells}
