"""Programs of others read it: GDAL by pyogrio, and OWSLib, each in a process of its own against the real server."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from gis.accounts.token import digest_of, new_text
from gis.models import Building, Incident, Token, User
from layers.features.kinds import KINDS
from tests.databases import moved_to
from web.administration.capabilities import token_capabilities


@pytest.fixture(scope="module")
def tokens(server, django_db_blocker) -> dict:
    """Of Sun and of Chen, written into the server's database, with what each may see."""
    made = {}
    with django_db_blocker.unblock(), moved_to(server.database):
        for name in ("sun", "chen"):
            user, text = User.objects.get(username=name), new_text()
            Token.objects.create(
                name="client", user=user, area=user.postings.first().area, digest=digest_of(text), ending=text[-4:],
                capabilities=[one for one, _word in token_capabilities()], issued_by=user, per_minute=6000,
                expires_at=timezone.now() + timedelta(days=1),
            )  # fmt: skip
            seen = {}
            for kind, model, key in (("buildings", Building, "code"), ("incidents", Incident, "number")):
                scope = KINDS[kind].scope(user.access)
                seen[kind] = sorted(model.objects.inside(scope).values_list(key, flat=True))
            made[name] = (text, seen)
    return made


def run(program: str, *words: str, **environment: str) -> dict:
    """What a Python program of its own prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=120, check=False,
        # The product switches drivers off that it does not need; another program has them.
        env={name: value for name, value in os.environ.items() if name != "OGR_SKIP"} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


_GDAL = """
import json, sys, pyogrio
url = "OAPIF:" + sys.argv[1] + "/ogc"
layers = sorted(name for name, _shape in pyogrio.list_layers(url).tolist())
said = {"layers": layers}
for layer, key in (("buildings", "code"), ("incidents", "number")):
    if layer in layers:
        frame = pyogrio.read_dataframe(url, layer=layer, PAGE_SIZE="7")
        box = tuple(frame.total_bounds)
        half = pyogrio.read_dataframe(url, layer=layer, bbox=(box[0], box[1], (box[0] + box[2]) / 2, box[3]))
        said[layer] = {"ids": sorted(frame[key]), "half": len(half), "crs": str(frame.crs)}
print(json.dumps(said))
"""


@pytest.mark.parametrize("name", ["sun", "chen"])
def test_gdal_reads_every_page_in_scope(name, server, tokens):
    text, seen = tokens[name]
    said = run(_GDAL, server.url, GDAL_HTTP_AUTH="BEARER", GDAL_HTTP_BEARER=text)
    assert set(said["layers"]) == set(KINDS)
    for layer, expected in seen.items():
        assert said[layer]["ids"] == expected
        assert 0 < said[layer]["half"] < len(expected)
        assert "CRS84" in said[layer]["crs"]


def test_gdal_without_a_token_sees_the_open_layer_alone(server):
    assert run(_GDAL, server.url)["layers"] == ["open-areas"]


_OWSLIB = """
import json, sys
from owslib.ogcapi.features import Features
server = Features(sys.argv[1] + "/ogc/", headers={"Authorization": "Bearer " + sys.argv[2]})
found = server.collection_items("buildings", limit=5, filter="floors >= 1 AND kind = 'residential'")
one = server.collection_item("buildings", found["features"][0]["id"])
print(json.dumps({
    "conforms": len(server.conformance()["conformsTo"]),
    "collections": server.feature_collections(),
    "queryables": sorted(server.collection_queryables("buildings")["properties"]),
    "kinds": sorted({each["properties"]["kind"] for each in found["features"]}),
    "one": one["id"] == found["features"][0]["id"],
}))
"""


def test_owslib_reads_conformance_collections_queryables_and_filters(server, tokens):
    said = run(_OWSLIB, server.url, tokens["sun"][0])
    assert said["conforms"] > 10
    assert set(said["collections"]) == set(KINDS)
    assert set(said["queryables"]) == {field.name for field in KINDS["buildings"].fields} | {"geometry"}
    assert said["kinds"] == ["residential"]
    assert said["one"]


_QGIS = """
import json, sys
from qgis.core import (QgsApplication, QgsBlockingNetworkRequest, QgsMapBoxGlStyleConverter, QgsNetworkAccessManager,
                       QgsVectorLayer, QgsVectorTileLayer)
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkRequest
program = QgsApplication([], False)
program.initQgis()
url, token = sys.argv[1] + "/ogc", sys.argv[2].encode()
QgsNetworkAccessManager.setRequestPreprocessor(lambda asked: asked.setRawHeader(b"Authorization", b"Bearer " + token))
layer = QgsVectorLayer(f"url='{url}/' typename='buildings' pageSize='7'", "buildings", "OAPIF")
codes = sorted(feature["code"] for feature in layer.getFeatures())
asked = QgsBlockingNetworkRequest()
asked.get(QNetworkRequest(QUrl(url + "/collections/cells/style")))
style = QgsMapBoxGlStyleConverter()
converted = style.convert(bytes(asked.reply().content()).decode())
place = url + "/collections/cells/tiles/WebMercatorQuad/%7Bz%7D/%7By%7D/%7Bx%7D"
tiles = QgsVectorTileLayer(f"type=xyz&url={place}&zmin=10&zmax=16", "tiles")
print(json.dumps({"ids": codes, "style": int(converted), "warnings": style.warnings(), "tiles": tiles.isValid()}))
"""


def test_qgis_reads_every_page_and_the_style(server, tokens):
    python = "/usr/bin/python3"  # Debian's own, where its python3-qgis is
    here = subprocess.run([python, "-c", "import qgis.core"], capture_output=True, check=False)
    if here.returncode:
        pytest.skip("no QGIS on this machine")
    text, seen = tokens["sun"]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [python, "-c", _QGIS, server.url, text],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env=environment,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    assert said == {"ids": seen["buildings"], "style": 0, "warnings": [], "tiles": True}
