"""Reading what is asked of a collection. Nonsense is refused by its name."""

import base64
import binascii

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from gis import crs
from gis.errors import BadQuery
from gis.models import Incident
from layers.features.cql2 import condition
from layers.features.kind import TYPES, Condition, Kind
from layers.features.kinds import INCIDENTS
from layers.features.order import By, read_order, read_place
from layers.features.page import Asked
from layers.features.places import within_box
from layers.features.times import during
from web.api.reading import of_department
from web.ogc.answering import only

USUAL, MOST = 100, 10_000
#: Features on a page that people read.
SHOWN = 50
ONE = ("crs", "properties")
MANY = ("limit", "bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby", "after", *ONE)


def read_many(request: HttpRequest, kind: Kind, usual: int = USUAL) -> Asked:
    """Raises BadQuery."""
    names = [field.name for field in kind.fields]
    only(request, *MANY, *names)
    query = request.GET
    where = [
        *_of_department(request, kind),
        *_places(kind, query),
        *_times(kind, query),
        *_filter(kind, query),
        *_equal(kind, query, names),
    ]
    one = read_one(request, kind)
    limit = min(_number(query.get("limit"), usual), MOST)
    by = read_order(kind, query["sortby"]) if "sortby" in query else ()
    past, after = _after(kind, query, by)
    return Asked(limit, tuple(where), one.fields, after, one.served, by=by, past=past)


def read_one(request: HttpRequest, kind: Kind) -> Asked:
    """Which fields and in which CRS. Raises BadQuery."""
    return Asked(
        1,
        tuple(_of_department(request, kind)),
        _fields(kind, request.GET.get("properties")),
        None,
        _crs(request.GET, "crs"),
    )


def _of_department(request: HttpRequest, kind: Kind) -> list[Condition]:
    """A token that is a department's reads only cases which that department has, had or filed."""
    token = getattr(request, "token", None)
    if kind is not INCIDENTS or token is None or token.department_id is None:
        return []
    sql, params = of_department(Incident.objects.order_by(), token).values("pk").query.sql_with_params()
    return [Condition(f"i.id IN ({sql})", params)]


def _number(text: str | None, usual: int) -> int:
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise BadQuery(_("limit 不是正整数。"), fix=_("请写 1 到 %(most)d。") % {"most": MOST})
    return int(text)


def _crs(query: QueryDict, name: str) -> crs.Served:
    uri = query.get(name)
    if uri is None:
        return crs.CRS84
    found = crs.SERVED.get(uri.strip("[]"))
    if found is None:
        told = {"name": name, "names": " ".join(crs.SERVED)}
        raise BadQuery(_("没有这个 %(name)s。") % told, fix=_("可用的是：%(names)s。") % told)
    return found


def _fields(kind: Kind, text: str | None) -> tuple:
    if text is None:
        return kind.fields
    wanted = {kind.field(name.strip()).name for name in text.split(",") if name.strip()}
    return tuple(field for field in kind.fields if field.name in wanted)


def _places(kind: Kind, query: QueryDict) -> list[Condition]:
    served = _crs(query, "bbox-crs")
    return [within_box(kind, query["bbox"], served)] if "bbox" in query else []


def _times(kind: Kind, query: QueryDict) -> list[Condition]:
    found = during(kind, query["datetime"]) if "datetime" in query else None
    return [found] if found else []


def _filter(kind: Kind, query: QueryDict) -> list[Condition]:
    if query.get("filter-lang", "cql2-text") != "cql2-text":
        raise BadQuery(_("没有这个 filter-lang。"), fix=_("请用 cql2-text。"))
    served = _crs(query, "filter-crs")
    return [condition(query["filter"], kind, served)] if "filter" in query else []


def _equal(kind: Kind, query: QueryDict, names: list[str]) -> list[Condition]:
    """`kind=office` in the address, as the standard's first part has it."""
    return [_is(kind, name, query[name]) for name in names if name in query]


def _is(kind: Kind, name: str, value: str) -> Condition:
    field = kind.field(name)
    if "\x00" in value:
        raise BadQuery(_("“%(name)s”含有不能用的字符。") % {"name": name}, fix=_("请核对。"))
    if field.type in ("date", "moment"):
        day = {"date": "DATE", "moment": "TIMESTAMP"}[field.type]
        return condition(f"{name} = {day}('{value.replace(chr(39), '')}')", kind)
    return Condition(f"({field.sql})::text = %s", (value.lower() if field.type == "boolean" else value,))


def mark(key: str) -> str:
    """Where the next page begins, for its address."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _after(kind: Kind, query: QueryDict, by: tuple[By, ...]) -> tuple[tuple, str | int | None]:
    """Where the page begins: the values of the order, and the key."""
    text, past = query.get("after"), []
    if text is None:
        return (), None
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode("utf-8")
        if by:
            past, key = read_place(key, len(by))
        if not key or "\x00" in key or len(key) > 40 or any("\x00" in (one or "") for one in past):
            raise ValueError(text)
        return tuple(past), int(key) if TYPES[kind.key.type] == "numeric" else key
    except (ValueError, binascii.Error):
        raise BadQuery(_("这不是一页的记号。"), fix=_("请原样使用上一页的 next。")) from None
