"""The repair page: a file up, faults chosen, a preview, the repaired file down; nothing without consent."""

import io
import json
import os
import zipfile

import geopandas
import numpy as np
import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile

from web.repair.keeping import folder_of

pytestmark = pytest.mark.django_db
ADDRESS = "/boundaries/repair/"


def file_of(*shapes) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": f"甲{n}"}, "geometry": shapely.geometry.mapping(shape)}
        for n, shape in enumerate(shapes)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


#: The second overlaps the first by a metre or so; the third is apart.
SHAPES = (
    shapely.box(116.60, 40.0, 116.61, 40.01),
    shapely.box(116.60999, 40.0, 116.62, 40.01),
    shapely.box(116.64, 40.0, 116.65, 40.01),
)


def send(client, name="x.geojson", content=None, **more):
    content = file_of(*SHAPES) if content is None else content
    return client.post(ADDRESS, {"act": "upload", "file": SimpleUploadedFile(name, content)} | more)


def read(answer, tmp_path) -> geopandas.GeoDataFrame:
    path = tmp_path / "down.gpkg"
    path.write_bytes(answer.content)
    return geopandas.read_file(path)


def test_faults_are_shown_and_what_is_not_chosen_stays_to_the_last_digit(client_of, tmp_path):
    client = client_of("zhao")
    assert "上传并检查" in client.get(ADDRESS).content.decode()
    assert send(client).status_code == 302
    text = client.get(ADDRESS).content.decode()
    assert "重叠" in text
    assert "<svg" in text
    down = read(client.post(ADDRESS, {"act": "download"}), tmp_path)
    before = [shape.normalize() for shape in SHAPES]
    after = [shapely.get_parts(shape)[0].normalize() for shape in down.geometry]
    assert all(shapely.equals_identical(one, other) for one, other in zip(before, after, strict=True))
    assert down["name"].tolist() == ["甲0", "甲1", "甲2"]


def test_a_chosen_fault_is_previewed_and_repaired(client_of, tmp_path):
    client = client_of("zhao")
    send(client)
    assert "之后还剩 0 处" in client.post(ADDRESS, {"act": "preview", "all-overlap": "yes"}).content.decode()
    down = read(client.post(ADDRESS, {"act": "download", "fault-0": "to-1"}), tmp_path)
    shapes = np.array([shapely.get_parts(shape)[0] for shape in down.geometry])
    assert shapely.coverage_is_valid(shapes)
    assert shapely.equals(shapes[1], SHAPES[1])
    assert shapely.equals_identical(shapes[2].normalize(), SHAPES[2].normalize())


def test_a_place_is_seen_up_close_and_nonsense_is_not_minded(client_of):
    client = client_of("zhao")
    send(client)
    assert "第 1 处" in client.get(ADDRESS + "?look=0").content.decode()
    for query in ("?look=999", "?look=x", "?look=-1"):
        assert client.get(ADDRESS + query).status_code == 200
    assert client.post(ADDRESS, {"act": "preview", "fault-0": "to-99"}).status_code == 200


def test_the_file_is_its_owners_and_goes_on_request_and_after_a_day(client_of, cast):
    zhao, administrator = client_of("zhao"), client_of("admin")
    send(zhao)
    assert "上传并检查" in administrator.get(ADDRESS).content.decode()
    os.utime(folder_of(cast.zhao), (0, 0))
    assert "上传并检查" in zhao.get(ADDRESS).content.decode()
    send(zhao)
    zhao.post(ADDRESS, {"act": "discard"})
    assert not folder_of(cast.zhao).exists()


@pytest.mark.parametrize("name", ["wang", "li", "chen", "sun"])
def test_who_neither_plans_nor_imports_has_no_such_page(client_of, name):
    assert client_of(name).get(ADDRESS).status_code == 403


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\x00" * 40_000_000)
    return packed.getvalue()


def _climbing() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../../etc/a.shp", b"x")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.zip", _bomb()),
        ("climbing.zip", _climbing()),
        ("a.kml", b'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml>&a;</kml>'),
        ("a.geojson", b"{"),
        ("a.geojson", b""),
        ("a.csv", b"name\nx\n"),
    ],
)
def test_hostile_and_broken_files_are_refused_and_not_kept(client_of, cast, name, content):
    client = client_of("zhao")
    answer = send(client, name, content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not folder_of(cast.zhao).exists()


def test_a_sound_file_is_told_so(client_of):
    client = client_of("zhao")
    send(client, content=file_of(shapely.box(116, 40, 116.01, 40.01)))
    assert "没有发现问题" in client.get(ADDRESS).content.decode()
