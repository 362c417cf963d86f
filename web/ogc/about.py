"""What there is: the landing page, the classes of the standards that hold, the collections and their queryables."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gis import crs
from gis.accounts.scope import Scope
from gis.errors import OutOfScope
from layers.features import cql2
from layers.features.kind import Field, Kind
from layers.features.page import extent
from web.ogc.answering import TYPES, at, kind_of, link, only, spoken, told, visible

_FEATURES, _FILTER = "http://www.opengis.net/spec/ogcapi-features", "http://www.opengis.net/spec/cql2/1.0/conf"
_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CONFORMS = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    *(f"{_FEATURES}-1/1.0/conf/{name}" for name in ("core", "geojson", "html", "oas30")),
    f"{_FEATURES}-2/1.0/conf/crs",
    *(f"{_FEATURES}-3/1.0/conf/{name}" for name in ("queryables", "queryables-query-parameters", "filter")),
    f"{_FEATURES}-3/1.0/conf/features-filter",
    *(f"{_FILTER}/{name}" for name in ("cql2-text", "basic-cql2", "advanced-comparison-operators")),
    *(f"{_FILTER}/{name}" for name in ("case-insensitive-comparison", "basic-spatial-functions")),
    f"{_FILTER}/property-property",
    *(f"{_TILES}/{name}" for name in ("core", "tileset", "tilesets-list", "mvt")),
]
#: What a field holds, as JSON Schema says it.
_SCHEMAS = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
}


@spoken("json", pages=True)
def landing(request: HttpRequest, form: str) -> HttpResponse:
    only(request)
    kinds = visible(request)
    if form == "html":
        return render(request, "web/ogc/landing.html", {"kinds": [kind for kind, _scope in kinds]})
    said = {"title": "Wangge 网格", "description": _("一个辖区的网格、楼栋、部件和事件。")}
    return told(said | {"links": _entrances(request)})


def _entrances(request: HttpRequest) -> list[dict]:
    return [
        link(at(request, "landing"), "self", TYPES["json"]),
        link(at(request, "landing", query="f=html"), "alternate", TYPES["html"]),
        link(at(request, "description"), "service-desc", TYPES["openapi"]),
        link(request.build_absolute_uri("/api/"), "service-doc", TYPES["html"]),
        link(at(request, "conformance"), "conformance", TYPES["json"]),
        link(at(request, "collections"), "data", TYPES["json"]),
        link(at(request, "matrix-sets"), "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", TYPES["json"]),
    ]


@spoken("json")
def conformance(request: HttpRequest, form: str) -> HttpResponse:
    only(request)
    return told({"conformsTo": CONFORMS})


@spoken("json", pages=True)
def collections(request: HttpRequest, form: str) -> HttpResponse:
    only(request)
    kinds = visible(request)
    if form == "html":
        return render(request, "web/ogc/landing.html", {"kinds": [kind for kind, _scope in kinds]})
    links = [
        link(at(request, "collections"), "self", TYPES["json"]),
        link(at(request, "collections", query="f=html"), "alternate", TYPES["html"]),
    ]
    listed = [collection_told(request, kind, scope) for kind, scope in kinds]
    return told({"links": links, "crs": list(crs.SERVED), "collections": listed})


@spoken("json", pages=True)
def collection(request: HttpRequest, collection: str, form: str) -> HttpResponse:
    only(request)
    kind, scope = kind_of(request, collection)
    if form == "html":
        return render(request, "web/ogc/collection.html", {"kind": kind, "crs": crs.SERVED})
    return told(collection_told(request, kind, scope))


def collection_told(request: HttpRequest, kind: Kind, scope: Scope) -> dict:
    box = extent(kind, scope)
    around = {"spatial": {"bbox": [box], "crs": crs.CRS84.uri}} if box else {}
    if kind.times:
        around["temporal"] = {"interval": [[None, None]]}
    return {
        "id": kind.name,
        "title": str(kind.title),
        "description": str(kind.about),
        "itemType": "feature",
        "extent": around,
        "crs": list(crs.SERVED),
        "storageCrs": crs.CRS84.uri,
        "links": _links(request, kind),
    }


def _links(request: HttpRequest, kind: Kind) -> list[dict]:
    name = kind.name
    made = [
        link(at(request, "collection", name), "self", TYPES["json"]),
        link(at(request, "collection", name, query="f=html"), "alternate", TYPES["html"]),
        link(at(request, "items", name), "items", TYPES["geojson"], kind.title),
        link(at(request, "items", name, query="f=html"), "items", TYPES["html"], kind.title),
        link(at(request, "queryables", name), "http://www.opengis.net/def/rel/ogc/1.0/queryables", TYPES["schema"]),
    ]
    if kind.tiles:
        rel = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
        made.append(link(at(request, "tilesets", name), rel, TYPES["json"]))
        made.append(link(at(request, "style", name), "describedby", TYPES["style"]))
    return made


@spoken("schema")
def queryables(request: HttpRequest, collection: str, form: str) -> HttpResponse:
    """What may be asked about: the fields that are told, and the shape. Nothing else can be filtered by."""
    only(request)
    kind, _scope = kind_of(request, collection)
    shape = {"format": f"geometry-{kind.geometry.lower()}", "title": _("形状")}
    properties = {field.name: schema_of(field) for field in kind.fields} | {cql2.SHAPE: shape}
    said = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": at(request, "queryables", kind.name),
        "type": "object",
        "title": str(kind.title),
        "properties": properties,
        "additionalProperties": False,
    }
    return told(said, "schema")


def schema_of(field: Field) -> dict:
    choices = {"enum": list(field.choices)} if field.choices else {}
    return {"title": str(field.title), **_SCHEMAS[field.type], **choices}


@spoken("json", pages=True)
def nothing(request: HttpRequest, url: str, form: str) -> HttpResponse:
    raise OutOfScope(_("没有这个地址。"), fix=_("请从 /ogc/ 进入。"))
