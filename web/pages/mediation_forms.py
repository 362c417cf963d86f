"""Reading what the mediation page posts: days, moments and numbers as forms write them. Nonsense is refused."""

from datetime import date, datetime

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from gis.errors import Refused

_LONG = {"brief": 4000, "agreement": 8000, "review": 4000}


def read_record(posted: QueryDict) -> dict:
    """The fields of a record. Raises Refused."""
    told = {name: _text(posted, name) for name in ("kind", "mediator", "method", "outcome", *_LONG)}
    told["people"] = _number(posted, "people")
    told["agreed_on"], told["review_on"] = _day(posted, "agreed_on"), _day(posted, "review_on")
    return told


def read_meeting(posted: QueryDict) -> dict:
    """The fields of a sitting. Raises Refused."""
    return {"at": _moment(posted, "at")} | {name: _text(posted, name) for name in ("place", "attended", "summary")}


def read_party(posted: QueryDict) -> dict:
    return {name: _text(posted, name) for name in ("side", "name", "phone", "note")}


def _text(posted: QueryDict, name: str) -> str:
    return posted.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()


def _number(posted: QueryDict, name: str) -> int | None:
    text = _text(posted, name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise _refused(name, _("请填一个整数。"))
    return int(text)


def _day(posted: QueryDict, name: str) -> date | None:
    text = _text(posted, name)
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and (day is None or not 1990 <= day.year <= 2100):
        raise _refused(name, _("请把日期写成 2026-03-05。"))
    return day


def _moment(posted: QueryDict, name: str) -> datetime:
    text = _text(posted, name)
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or not 1990 <= moment.year <= 2100:
        raise _refused(name, _("请填写时间。"))
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _refused(name: str, said: str) -> Refused:
    return Refused(_("有几项还不能保存。"), fix=_("请改正标出的各项。"), fields={name: said})
