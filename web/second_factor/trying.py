"""How often a code may be guessed: counted are wrong ones, by account and network together, by account, by network.

Only who has given the right password counts against an account. Should that be a thief who wants its owner kept out,
a code on paper still opens: 80 bits are not guessed, so nothing but the count of the network holds those.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from gis.errors import TooMany
from gis.incidents.residents.allowance import give_back, spend, visitor
from gis.models import User
from gis.people.sealing import blind_index
from web.second_factor.codes import check, is_of_app
from web.whence import address_of

_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)
#: Of a million codes three are right at any moment: 30 tries an hour need 320 days to be as likely as not.
_HERE, _ALL, _FROM = 5, 30, 100


def try_code(request: HttpRequest, user: User, code: str) -> bool:
    """Whether a plain code is right; it counts once. Raises TooMany for who guesses and guesses."""
    now = timezone.now()
    counts = _counts(request, user, code)
    _spend_all(counts, now)
    right = check(user, code)
    if right:
        _give_back_all(counts, now)
    return right


def _counts(request: HttpRequest, user: User, code: str) -> list[tuple]:
    network = visitor(address_of(request) or "127.0.0.1")
    by_network = ("second-from", network, _FROM, _QUARTER)
    if not is_of_app(code):
        return [by_network]
    here = blind_index(f"second step of {user.pk} from {network.hex()}")
    everywhere = blind_index(f"second step of {user.pk} everywhere")
    return [by_network, ("second-here", here, _HERE, _QUARTER), ("second-all", everywhere, _ALL, _HOUR)]


def _spend_all(counts: list[tuple], now: datetime) -> None:
    """Before the code is looked at, so that guesses sent at the same moment are counted, too."""
    for nth, (what, who, most, every) in enumerate(counts):
        try:
            spend(what, who, most, every, now)
        except TooMany:
            _give_back_all(counts[:nth], now)  # what was not tried is held against nobody else
            raise


def _give_back_all(counts: list[tuple], now: datetime) -> None:
    for what, who, _most, every in counts:
        give_back(what, who, every, now)
