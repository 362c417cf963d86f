"""The OpenAPI description of this API. Names of collections and fields, no data, so everybody may read it."""

from django.http import HttpRequest, HttpResponse

from gis import crs
from layers.features.kinds import KINDS
from layers.tiles import MAX_ZOOM
from web.ogc.answering import TYPES, only, spoken, told
from web.ogc.asking import MOST, USUAL

_ABOUT = """Areas, cells, buildings, components and incidents of a grid-management area.

`open-areas` is open to everybody. For the rest send `Authorization: Bearer TOKEN`, or come with a session: what is
found is what the account or the token may see. GDAL takes the token from `GDAL_HTTP_BEARER`
with `GDAL_HTTP_AUTH=BEARER`. Refusals are
`application/problem+json` with `detail` and `fix`.
"""


@spoken("openapi")
def show(request: HttpRequest, form: str) -> HttpResponse:
    only(request)
    return told(described(request.build_absolute_uri("/ogc")), "openapi")


def described(server: str) -> dict:
    """The document; `server` is the address under which its paths lie."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Wangge 网格 · OGC API", "version": "1", "description": _ABOUT},
        "servers": [{"url": server}],
        "security": [{}, {"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}, "schemas": _SCHEMAS},
        "paths": {path: {"get": _operation(path, *told)} for path, told in _PATHS.items()},
    }


def _query(name: str, schema: dict, about: str = "", **more: object) -> dict:
    return {"name": name, "in": "query", "schema": schema, "description": about, **more}


def _path(name: str, schema: dict) -> dict:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _form(*forms: str) -> dict:
    return _query("f", {"type": "string", "enum": list(forms)}, "the form of the answer, instead of Accept")


_TEXT, _CRS = {"type": "string"}, {"type": "string", "enum": list(crs.SERVED)}
_ID, _FEATURE = _path("collectionId", {"type": "string", "enum": list(KINDS)}), _path("featureId", _TEXT)
_TILED = _path("collectionId", {"type": "string", "enum": [kind.name for kind in KINDS.values() if kind.tiles]})
_BOX = {
    "type": "array",
    "items": {"type": "number"},
    "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
}
_PLAIN = {"style": "form", "explode": False}
_READ = [
    _query("crs", _CRS, "of the answer"),
    _query("properties", {"type": "array", "items": _TEXT}, "only these", **_PLAIN),
]
_MANY = [
    _query("limit", {"type": "integer", "minimum": 1, "default": USUAL}, f"features on a page; {MOST} at most"),
    _query("bbox", _BOX, "west,south,east,north in the axes of bbox-crs", **_PLAIN),
    _query("bbox-crs", _CRS),
    _query("datetime", _TEXT, "an instant, a/b, ../b or a/.. (RFC 3339)"),
    _query("filter", _TEXT, "CQL2 text on the queryables"),
    _query("filter-lang", {"type": "string", "enum": ["cql2-text"]}),
    _query("filter-crs", _CRS),
    _query("sortby", {"type": "array", "items": _TEXT}, "queryables, - before one for downwards", **_PLAIN),
    _query("after", _TEXT, "of a next link, as it is there"),
]
_PLACE = [
    _path("z", {"type": "integer", "minimum": 0, "maximum": MAX_ZOOM}),
    _path("row", {"type": "integer", "minimum": 0}),
    _path("column", {"type": "integer", "minimum": 0}),
]
_SCHEMAS = {
    "problem": {
        "type": "object",
        "required": ["title", "status", "detail", "fix"],
        "properties": {"title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT, "fix": _TEXT},
    },
    "thing": {"type": "object"},
    "feature": {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"oneOf": [_TEXT, {"type": "integer"}]},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object"},
        },
    },
    "features": {
        "type": "object",
        "required": ["type", "features", "links", "numberReturned"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": {"type": "array", "items": {"type": "object"}},
            "numberReturned": {"type": "integer"},
            "numberMatched": {"type": "integer"},
        },
    },
}
_COLLECTION = "/collections/{collectionId}"
#: Path → name, parameters, form of the answer and the schema of what is in it.
_PATHS = {
    "/": ("landing", [_form("json", "html")], "json", "thing"),
    "/conformance": ("conformance", [_form("json")], "json", "thing"),
    "/collections": ("collections", [_form("json", "html")], "json", "thing"),
    _COLLECTION: ("collection", [_ID, _form("json", "html")], "json", "thing"),
    f"{_COLLECTION}/queryables": ("queryables", [_ID, _form("json", "schema")], "schema", "thing"),
    f"{_COLLECTION}/items": ("items", [_ID, *_MANY, *_READ, _form("json", "geojson", "html")], "geojson", "features"),
    f"{_COLLECTION}/items/{{featureId}}": (
        "feature",
        [_ID, _FEATURE, *_READ, _form("json", "geojson", "html")],
        "geojson",
        "feature",
    ),
    f"{_COLLECTION}/style": ("style", [_ID, _form("json", "style")], "style", "thing"),
    f"{_COLLECTION}/tiles": ("tilesets", [_TILED, _form("json")], "json", "thing"),
    f"{_COLLECTION}/tiles/WebMercatorQuad": ("tileset", [_TILED, _form("json", "tilejson")], "json", "thing"),
    f"{_COLLECTION}/tiles/WebMercatorQuad/{{z}}/{{row}}/{{column}}": ("tile", [_TILED, *_PLACE], "mvt", None),
    "/tileMatrixSets": ("matrix-sets", [_form("json")], "json", "thing"),
    "/tileMatrixSets/WebMercatorQuad": ("matrix-set", [_form("json")], "json", "thing"),
}


def _operation(path: str, name: str, parameters: list[dict], form: str, schema: str | None) -> dict:
    pages = any("html" in one["schema"].get("enum", ()) for one in parameters)
    said = {"schema": {"$ref": f"#/components/schemas/{schema}"}} if schema else {}
    content = {TYPES[form]: said} | ({"text/html": {}} if pages else {})
    if name == "tileset":
        content[TYPES["tilejson"]] = said
    refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    # What is no request at all is refused before it comes here, in the words of the whole product.
    refused |= {"application/json": {}} | ({"text/html": {}} if pages else {})
    answers = {"200": {"description": "what was asked for", "content": content}}
    answers |= {"204": {"description": "nothing lies there"}} if name == "tile" else {}
    answers |= {"default": {"description": "a refusal", "content": refused}}
    return {"operationId": name, "parameters": parameters, "responses": answers}
