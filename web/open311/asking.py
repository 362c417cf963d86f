"""Reading what is asked for in an address. Nonsense is refused by its name."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.incidents.public_request import Asked
from gis.incidents.residents.ground import served
from gis.models import Area
from web.open311.answering import Unfit
from web.pages.paging import read_number

#: Days that are looked back where no date is given.
_USUAL = timedelta(days=90)
_USUAL_SIZE, _MOST_SIZE = 100, 200
#: Rows that pages by number reach; the address in `Link` goes on for ever.
_DEEPEST = 10_000
_MOST_KEYS = 100
_STATES = {"open": False, "closed": True}


def read_asked(query: QueryDict) -> Asked:
    """Raises Unfit."""
    first, last = _moment(query, "start_date"), _moment(query, "end_date")
    if first and last and last < first:
        raise Unfit(400, _("end_date 早于 start_date。"), _("请互换两个日期。"))
    if first is None:
        first = (last or timezone.now()) - _USUAL
    return Asked(_areas(query.get("jurisdiction_id", "")), _services(query), _closed(query), first, last, _after(query))


def _areas(jurisdiction: str) -> tuple[str, ...]:
    """All that is looked after here; or an area in it, down to a community. What is finer is told of no case."""
    if not jurisdiction:
        return served().areas
    known = jurisdiction.isascii() and jurisdiction.isdigit() and Area.objects.filter(code=jurisdiction).exists()
    if not known:
        raise Unfit(404, _("没有这个 jurisdiction_id。"), _("请用辖区代码，或不写。"))
    return (jurisdiction,)


def _services(query: QueryDict) -> frozenset[str]:
    return frozenset(filter(None, (part.strip() for part in query.get("service_code", "")[:4000].split(","))))


def _closed(query: QueryDict) -> bool | None:
    named = {part.strip().lower() for part in query.get("status", "").split(",")} - {""}
    if named - set(_STATES):
        raise Unfit(400, _("没有这种 status。"), _("可用 open、closed。"))
    return _STATES[named.pop()] if len(named) == 1 else None


def _moment(query: QueryDict, name: str) -> datetime | None:
    """A moment with its zone. A plus sign that was not encoded arrives as a blank."""
    text = query.get(name, "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1900 < found.year < 2200:
        message = _("%(name)s 不是带时区的时间。") % {"name": name}
        raise Unfit(400, message, _("请写成 2026-03-05T00:00:00Z。"))
    return found


def _after(query: QueryDict) -> UUID | None:
    text = query.get("after", "")
    return _key(text) if text else None


def read_keys(text: str) -> list[UUID]:
    """Names of requests, parted by commas. Raises Unfit."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > _MOST_KEYS:
        raise Unfit(400, _("service_request_id 超过 %(most)d 个。") % {"most": _MOST_KEYS}, _("请分几次查询。"))
    return [_key(part) for part in parts]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unfit(404, _("没有这个 service_request_id，或它不公开。"), _("请核对编号。")) from None


def page_of(query: QueryDict) -> tuple[int, int]:
    """Where a page begins, and how many it holds. Raises Unfit."""
    size, page = _number(query, "page_size", _USUAL_SIZE), _number(query, "page", 1)
    if size > _MOST_SIZE:
        raise Unfit(400, _("page_size 最大 %(most)d。") % {"most": _MOST_SIZE})
    start = 0 if query.get("after") else (page - 1) * size
    if start >= _DEEPEST:
        raise Unfit(400, _("page 太深了。"), _("请沿着回答的 Link 往下翻，或缩短时间范围。"))
    return start, size


def _number(query: QueryDict, name: str, usual: int) -> int:
    text = query.get(name, "")
    found = read_number(text) if text else usual
    if not found:
        raise Unfit(400, _("%(name)s 不是正整数。") % {"name": name})
    return found
