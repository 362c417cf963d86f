"""How often a code may be guessed: counted are wrong ones, by account and network together, by account, by network.

Only who has given the right password counts against an account. Should that be a thief who wants its owner kept out,
a code on paper still opens: 80 bits are not guessed, so nothing but the count of the network holds those.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from gis.errors import TooMany
from gis.incidents.residents.allowance import give_back, spend
from gis.models import User
from gis.people.sealing import blind_index
from web.second_factor.codes import check, is_of_app
from web.whence import who

_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)
#: Of a million codes three are right at any moment: 30 tries an hour need 320 days to be as likely as not.
_HERE, _ALL, _FROM = 5, 30, 100


class _Count(NamedTuple):
    what: str
    by: bytes
    most: int
    every: timedelta


def try_code(request: HttpRequest, user: User, code: str) -> bool:
    """Whether a plain code is right; it counts once. Raises TooMany for who guesses and guesses."""
    now = timezone.now()
    counts = _counts(request, user, code)
    _spend_all(counts, now)
    right = check(user, code)
    if right:
        _give_back_all(counts, now)
    return right


def _counts(request: HttpRequest, user: User, code: str) -> list[_Count]:
    network = who(request)
    by_network = _Count("second-from", network, _FROM, _QUARTER)
    if not is_of_app(code):
        return [by_network]
    here = blind_index(f"second step of {user.pk} from {network.hex()}")
    everywhere = blind_index(f"second step of {user.pk} everywhere")
    return [
        by_network, _Count("second-here", here, _HERE, _QUARTER), _Count("second-all", everywhere, _ALL, _HOUR),
    ]  # fmt: skip


def _spend_all(counts: list[_Count], now: datetime) -> None:
    """Before the code is looked at, so that guesses sent at the same moment are counted, too."""
    for nth, one in enumerate(counts):
        try:
            spend(*one, now)
        except TooMany:
            _give_back_all(counts[:nth], now)  # what was not tried is held against nobody else
            raise


def _give_back_all(counts: list[_Count], now: datetime) -> None:
    for one in counts:
        give_back(one.what, one.by, one.every, now)
