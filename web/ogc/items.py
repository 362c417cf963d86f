"""Features: a page of them, and one."""

import json

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gis import crs
from gis.errors import OutOfScope
from layers.features import page as features
from layers.features.kind import Kind
from web.ogc.answering import TYPES, at, kind_of, link, only, spoken
from web.ogc.asking import ONE, SHOWN, USUAL, mark, read_many, read_one


@spoken("geojson", pages=True)
def listed(request: HttpRequest, collection: str, form: str) -> HttpResponse:
    kind, scope = kind_of(request, collection)
    asked = read_many(request, kind, SHOWN if form == "html" else USUAL)
    if form == "html":
        asked = features.in_degrees(asked)
    found = features.page(kind, scope, asked)
    links = _links(request, kind, form, found.after)
    if form == "html":
        return _page(request, kind, f"[{found.features}]", links, found)
    return _geojson(_collected(found, links), asked.served)


def _collected(found: features.Page, links: list[dict]) -> str:
    """The text of a FeatureCollection around the text of its features."""
    matched = "" if found.matched is None else f',"numberMatched":{found.matched}'
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{{"type":"FeatureCollection","timeStamp":"{now}"{matched},"numberReturned":{found.number},'
        f'"links":{json.dumps(links, ensure_ascii=False)},"features":[{found.features}]}}'
    )


def _geojson(text: str, served: crs.Served) -> HttpResponse:
    response = HttpResponse(text, content_type=TYPES["geojson"])
    response["Content-Crs"] = f"<{served.uri}>"
    return response


def _links(request: HttpRequest, kind: Kind, form: str, after: str | None) -> list[dict]:
    other = "geojson" if form == "html" else "html"
    made = [
        link(_again(request, kind), "self", TYPES[form]),
        link(_again(request, kind, f="json" if other == "geojson" else "html"), "alternate", TYPES[other]),
        link(at(request, "collection", kind.name), "collection", TYPES["json"], kind.title),
    ]
    if after is not None:
        made.append(link(_again(request, kind, after=mark(after)), "next", TYPES[form], _("下一页")))
    return made


def _again(request: HttpRequest, kind: Kind, **changed: str) -> str:
    """The same question with something else in it."""
    query: QueryDict = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return at(request, "items", kind.name, query=query.urlencode(safe=",/:"))


@spoken("geojson", pages=True)
def one(request: HttpRequest, collection: str, feature: str, form: str) -> HttpResponse:
    kind, scope = kind_of(request, collection)
    only(request, *ONE)
    asked = read_one(request, kind)
    asked = features.in_degrees(asked) if form == "html" else asked
    text = features.one(kind, scope, feature, asked) if "\x00" not in feature else None
    if text is None:
        raise OutOfScope(_("没有找到，或不在您的辖区内。"), fix=_("请核对编号。"))
    links = [
        link(at(request, "feature", kind.name, feature), "self", TYPES["geojson"]),
        link(at(request, "feature", kind.name, feature, query="f=html"), "alternate", TYPES["html"]),
        link(at(request, "collection", kind.name), "collection", TYPES["json"], kind.title),
    ]
    if form == "html":
        return _page(request, kind, f"[{text}]", links, None)
    return _geojson(f'{text[:-1]},"links":{json.dumps(links, ensure_ascii=False)}}}', asked.served)


def _page(request: HttpRequest, kind: Kind, text: str, links: list[dict], found: features.Page | None) -> HttpResponse:
    rows = json.loads(text)
    # The id stands first in every row, so its field is not told again.
    names = [name for name in (rows[0]["properties"] if rows else ()) if name != kind.key.name]
    titles = {name: kind.field(name).title for name in names}
    shown = [{"id": row["id"], "told": [(titles[name], row["properties"][name]) for name in names]} for row in rows]
    context = {
        "kind": kind,
        "titles": list(titles.values()),
        "rows": shown,
        "features": {"type": "FeatureCollection", "features": rows},
        "found": found,
        "leads": {one["rel"]: one["href"] for one in links},  # "links" are those of the header
        "filter": request.GET.get("filter", ""),
    }
    return render(request, "web/ogc/items.html", context)
