"""The words searched for that an order of a report carries along, sealed anew by the key of today."""

from base64 import b64decode, b64encode

from django.db import transaction
from django.db.models import Q

from gis.people.sealing import SealBroken, open_seal, seal, sealed_by
from gis.reports.report import Report


def words_left(number: int) -> int:
    """How many orders carry words that another key has sealed."""
    return sum(1 for one in _with_words() if sealed_by(b64decode(_holder(one)["text"])) != number)


def reseal_words(number: int) -> int:
    """Seal them anew; how many. What no key opens any more is taken away: nobody could make that report again."""
    done = 0
    for key in [one.pk for one in _with_words()]:
        with transaction.atomic():
            one = Report.objects.select_for_update().get(pk=key)
            sealed = b64decode(_holder(one)["text"])
            if sealed and sealed_by(sealed) != number:
                _holder(one)["text"] = _anew(sealed)
                one.save(update_fields=["view"])
                done += 1
    return done


def _with_words() -> list[Report]:
    with_some = Q(view__incidents__text__gt="") | Q(view__list__text__gt="")
    return list(Report.objects.filter(with_some).only("pk", "view"))


def _holder(one: Report) -> dict:
    """The part of the order that holds the words: the filter of its incidents, or the list."""
    return one.view.get("list") or one.view.get("incidents") or {}


def _anew(sealed: bytes) -> str:
    try:
        return b64encode(seal(open_seal(sealed))).decode()
    except SealBroken:
        return ""
