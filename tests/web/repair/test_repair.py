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

from gis.exchange.drawn.reading import in_degrees, read_outlines
from gis.models import Area
from tests.cast import COMMUNITY, OTHER_STREET
from tests.gis.planning.borders.drafts import a_border_plan
from web.jobs.repairs import check
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


def test_a_wide_gap_is_left_and_the_page_says_why(client_of):
    """A ring of ground around a lake of 100 metres, and beside it a strip of overlap."""
    lake = shapely.box(116.604, 40.004, 116.606, 40.006)
    around = shapely.difference(shapely.box(116.60, 40.0, 116.61, 40.01), lake)
    client = client_of("zhao")
    send(client, content=file_of(around, SHAPES[1]))
    page = client.get(ADDRESS).content.decode()
    assert "有 1 处缝隙或空洞的平均宽度超过 20 米" in page
    assert "较宽，可能本来就不归任何面" in page
    page = client.post(ADDRESS, {"act": "all"}).content.decode()
    assert "剩下的都是没有建议的宽缝隙和空洞" in page


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


@pytest.mark.parametrize("format", ["gpkg", "geojson", "shp", "kml", "dxf"])
def test_it_goes_out_in_every_format_and_is_read_again_without_a_fault(client_of, tmp_path, format):
    client = client_of("zhao")
    send(client)
    client.post(ADDRESS, {"act": "all"})
    answer = client.post(ADDRESS, {"act": "download", "format": format, "all-overlap": "yes"})
    assert answer.status_code == 200
    ending = answer["Content-Disposition"].split("repaired", 1)[1].rstrip('"')
    path = tmp_path / f"again{ending}"
    path.write_bytes(answer.content)
    again = read_outlines(path)
    shapes = in_degrees(again, path)
    assert len(shapes) == 3
    assert shapely.area(shapely.intersection(shapes[0], shapes[1])) < 1e-12
    assert "甲1" in again.table.astype(str).to_string()


def test_what_is_accepted_stays_until_it_is_taken_back(client_of):
    client = client_of("zhao")
    send(client)
    client.post(ADDRESS, {"act": "preview", "fault-0": "to-1"})
    assert "已接受 1 处" in client.get(ADDRESS).content.decode()
    client.post(ADDRESS, {"act": "undo"})
    text = client.get(ADDRESS).content.decode()
    assert "已接受 0 处" in text
    assert "撤销上一步" not in text
    assert client.post(ADDRESS, {"act": "undo"}).status_code == 302


def test_everything_is_accepted_at_once(client_of):
    client = client_of("zhao")
    send(client)
    text = client.post(ADDRESS, {"act": "all"}).content.decode()
    assert "之后还剩 0 处" in text
    assert "接受全部建议" not in text


def shape_of(code) -> shapely.Geometry:
    return shapely.from_wkb(bytes(Area.objects.get(code=code).geometry.wkb))


def test_ground_beyond_an_outline_and_ground_it_misses_are_faults(client_of):
    west, south, east, north = shape_of(COMMUNITY).bounds
    half = shapely.box(west - 0.002, south - 0.001, (west + east) / 2, north + 0.001)
    client = client_of("zhao")
    send(client, content=file_of(half), outline=COMMUNITY)
    text = client.get(ADDRESS).content.decode()
    assert "超出外边界" in text
    assert "缝隙" in text or "空洞" in text
    client.post(ADDRESS, {"act": "all"})
    assert "裁掉" in client.get(ADDRESS).content.decode()


def test_an_outline_of_elsewhere_is_refused_and_one_out_of_reach_is_none(client_of, cast):
    client = client_of("zhao")
    assert send(client, outline=COMMUNITY).status_code == 422
    assert not folder_of(cast.zhao).exists()
    assert send(client, outline=OTHER_STREET).status_code == 302
    assert "外边界：" not in client.get(ADDRESS).content.decode()


def test_a_large_file_is_looked_through_by_a_job_that_tells_how_far_it_is(client_of, cast, monkeypatch):
    monkeypatch.setattr("web.repair.case.AT_ONCE", 2)
    asked = []
    monkeypatch.setattr("web.repair.page.check_boundaries.defer", lambda **given: asked.append(given))
    client = client_of("zhao")
    send(client)
    assert asked == [{"user_id": cast.zhao.pk, "language": "zh-hans"}]
    assert "正在排队检查" in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, {"act": "download"}).status_code == 200
    told = []
    monkeypatch.setattr("web.jobs.repairs.tell", lambda path, said: told.append(said["percent"]))
    check(cast.zhao.pk, "zh-hans")
    assert told == sorted(told)
    assert told[-1] >= 80
    assert "重叠" in client.get(ADDRESS).content.decode()
    assert "之后还剩 0 处" in client.post(ADDRESS, {"act": "all"}).content.decode()


def test_repaired_borders_go_straight_into_a_plan(client_of, cast):
    """The community's own outline, moved east a little: the plan says what that would change."""
    plan = a_border_plan(cast)
    moved = shapely.affinity.translate(shape_of(COMMUNITY), 0.0005)
    feature = {"type": "Feature", "properties": {"code": COMMUNITY}, "geometry": shapely.geometry.mapping(moved)}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    client = client_of("zhao")
    send(client, content=content)
    answer = client.post(ADDRESS, {"act": "plan", "plan": str(plan.uuid)})
    assert answer.status_code == 200
    assert answer.context["differences"]
    form = {"outlines": answer.context["outlines"], "seen": plan.revision}
    assert client.post(f"/plans/{plan.uuid}/outlines/", form).status_code == 302
    assert client.post(ADDRESS, {"act": "plan", "plan": "x"}).status_code == 422
    assert "已接受" in client.get(ADDRESS).content.decode() or "没有发现问题" in client.get(ADDRESS).content.decode()


def test_a_plan_of_others_takes_nothing(client_of, cast):
    plan = a_border_plan(cast)
    client = client_of("admin")
    send(client)
    assert client.post(ADDRESS, {"act": "plan", "plan": str(plan.uuid)}).status_code in (403, 404)


def _shapefile(frame: geopandas.GeoDataFrame, tmp_path, encoding: str) -> bytes:
    frame.to_file(tmp_path / "in.shp", encoding=encoding)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("in.*"):
            if part.suffix != ".cpg":
                archive.write(part, part.name)
    return packed.getvalue()


def test_another_plane_and_other_letters_are_read_and_come_back_as_they_were(client_of, tmp_path):
    frame = geopandas.GeoDataFrame({"name": ["北京路", "幸福里", "远处"]}, geometry=list(SHAPES), crs=4326).to_crs(4547)
    client = client_of("zhao")
    send(client, "a.zip", _shapefile(frame, tmp_path, "GB18030"))
    assert "重叠" in client.get(ADDRESS).content.decode()
    down = read(client.post(ADDRESS, {"act": "download"}), tmp_path)
    assert down.crs.to_epsg() == 4547
    assert down["name"].tolist() == ["北京路", "幸福里", "远处"]


@pytest.mark.parametrize("shape", [shapely.Point(116, 40), shapely.LineString([(116, 40), (117, 41)])])
def test_points_and_lines_alone_are_refused(client_of, shape):
    answer = send(client_of("zhao"), content=file_of(shape))
    assert answer.status_code == 422


def test_an_outline_that_crosses_itself_is_named(client_of):
    bow = shapely.Polygon([(116, 40), (116.01, 40.01), (116.01, 40), (116, 40.01)])
    client = client_of("zhao")
    assert send(client, content=file_of(bow, SHAPES[0])).status_code == 302
    assert "边界自相交" in client.get(ADDRESS).content.decode()
    assert client.post(ADDRESS, {"act": "all"}).status_code == 200


def test_all_of_a_kind_are_accepted_and_one_of_them_left_again(client_of):
    """Four squares in a row, two overlaps: both are accepted by their kind, then the second is left as it is."""
    row = [shapely.box(116.60 + n * 0.01, 40.0, 116.61001 + n * 0.01, 40.01) for n in range(3)]
    client = client_of("zhao")
    send(client, content=file_of(*row))
    answer = client.post(ADDRESS, {"all-overlap": "yes"})
    assert answer.context["accepted"] == 2
    first = answer.context["faults"][0]["choices"]
    mine = next(value for value, _said, on in first if on)
    assert mine.startswith("to-")
    answer = client.post(ADDRESS, {"act": "preview", "fault-0": mine, "fault-1": "no"})
    assert (answer.context["accepted"], answer.context["still"]) == (1, 1)
    client.post(ADDRESS, {"act": "undo"})
    assert client.get(ADDRESS).context["accepted"] == 2


def test_what_is_not_listed_stays_accepted(client_of, monkeypatch):
    monkeypatch.setattr("web.repair.choosing.LISTED", 1)
    monkeypatch.setattr("web.repair.shown.LISTED", 1)
    row = [shapely.box(116.60 + n * 0.01, 40.0, 116.61001 + n * 0.01, 40.01) for n in range(3)]
    client = client_of("zhao")
    send(client, content=file_of(*row))
    client.post(ADDRESS, {"act": "all"})
    assert client.post(ADDRESS, {"act": "preview", "fault-0": "no"}).context["accepted"] == 1
