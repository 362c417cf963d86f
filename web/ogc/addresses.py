from django.urls import path

from web.ogc import about, description, items, styles, tiles

app_name = "ogc"
_ONE = "collections/<str:collection>"
_TILES = f"{_ONE}/tiles/WebMercatorQuad"
urlpatterns = [
    path("", about.landing, name="landing"),
    path("conformance", about.conformance, name="conformance"),
    path("api", description.show, name="description"),
    path("collections", about.collections, name="collections"),
    path(_ONE, about.collection, name="collection"),
    path(f"{_ONE}/queryables", about.queryables, name="queryables"),
    path(f"{_ONE}/items", items.listed, name="items"),
    path(f"{_ONE}/items/<str:feature>", items.one, name="feature"),
    path(f"{_ONE}/tiles", tiles.tilesets, name="tilesets"),
    path(_TILES, tiles.tileset, name="tileset"),
    path(f"{_TILES}/<int:zoom>/<int:row>/<int:column>", tiles.send, name="tile"),
    path(f"{_ONE}/style", styles.show, name="style"),
    path("tileMatrixSets", tiles.matrix_sets, name="matrix-sets"),
    path("tileMatrixSets/WebMercatorQuad", tiles.matrix_set, name="matrix-set"),
    path("<path:url>", about.nothing, name="nothing"),
]
