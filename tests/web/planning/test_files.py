"""A plan down and up as files, and on paper."""

import json

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from gis.exchange.drawn.reading import read_cells
from gis.exchange.drawn.writing import FORMATS
from gis.models import Plan
from gis.planning.files import assignment_of
from gis.planning.keeping import drawing_of
from gis.planning.opening import Start
from tests.gis.planning.drafts import a_plan, step

pytestmark = pytest.mark.django_db


def send(client, plan, name, content, **more):
    body = {"file": SimpleUploadedFile(name, content), "seen": str(plan.revision)} | more
    return client.post(f"/plans/{plan.uuid}/file/", body)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_plan_comes_down_and_going_up_again_changes_nothing(client_of, cast, tmp_path, name):
    plan, client = a_plan(cast), client_of("zhao")
    content = client.get(f"/plans/{plan.uuid}/file/{name}/").content
    path = tmp_path / f"x.{FORMATS[name].ending}"
    path.write_bytes(content)
    drawing = drawing_of(plan)
    assert {cell.name for cell in read_cells(path)} == {cell.name for cell in drawing.cells.values()}
    answer = send(client, plan, path.name, content)
    assert answer.status_code == 422, answer.content.decode()
    page = answer.content.decode()
    assert "文件里的划分和方案现在的一样" in page
    assert "换一处" not in page
    assert Plan.objects.get(pk=plan.pk).revision == 0


def test_cells_of_a_file_are_laid_on_an_empty_plan_as_one_step_that_can_be_undone(client_of, cast):
    client = client_of("zhao")
    source = a_plan(cast)
    content = client.get(f"/plans/{source.uuid}/file/geojson/").content
    plan = a_plan(cast)
    for number in list(drawing_of(plan).cells):
        plan = step(cast, plan, "delete", cell=number)
    assert send(client, plan, "cells.geojson", content).status_code == 302
    plan.refresh_from_db()
    after, before = drawing_of(plan), drawing_of(source)
    assert {c.name for c in after.cells.values()} == {c.name for c in before.cells.values()}
    assert assignment_of(plan, after)
    assert [row[::2] for row in assignment_of(plan, after)] == [row[::2] for row in assignment_of(source, before)]


@pytest.mark.parametrize("name", [*sorted(FORMATS), "csv"])
def test_cells_of_a_file_continue_those_in_force_in_a_plan_begun_from_nothing(client_of, cast, name):
    """Their codes are what they are known by: without them a publication would retire every cell for a new one."""
    client, source = client_of("zhao"), a_plan(cast)
    content = client.get(f"/plans/{source.uuid}/file/{name}/").content
    plan = a_plan(cast, start=Start(cells=False))
    assert not drawing_of(plan).cells
    ending = FORMATS[name].ending if name in FORMATS else name
    assert send(client, plan, f"cells.{ending}", content).status_code == 302
    after = drawing_of(Plan.objects.get(pk=plan.pk)).cells.values()
    before = drawing_of(source).cells.values()
    assert sorted((cell.code, cell.name) for cell in after) == sorted((cell.code, cell.name) for cell in before)
    assert len({cell.number for cell in after}) == len(after)


def test_the_table_of_a_plan_with_buildings_in_no_cell_goes_up_again_and_moves_what_it_names(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    plan = step(cast, plan, "delete", cell=next(iter(drawing_of(plan).cells)))
    table = client.get(f"/plans/{plan.uuid}/file/csv/").content
    free = [code for code, _cell, name in assignment_of(plan, drawing_of(plan)) if not name]
    assert free
    same = send(client, plan, "a.csv", table)
    assert "文件里的划分和方案现在的一样" in same.content.decode()
    named = table.decode().replace(f"{free[0]},,", f"{free[0]},,新的一格").encode()
    assert send(client, plan, "a.csv", named).status_code == 302
    plan.refresh_from_db()
    assert {name for code, _cell, name in assignment_of(plan, drawing_of(plan)) if code == free[0]} == {"新的一格"}


def test_a_row_without_a_cell_for_a_building_that_has_one_is_named_and_the_rest_offered(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    (one, _cell, _name), (other, code, name) = assignment_of(plan, drawing_of(plan))[:2]
    table = f"building_code,cell_code,cell_name\n{one},,\n{other},{code},{name}\n".encode()
    refused = send(client, plan, "a.csv", table)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "1 行对不上" in page
    assert "只划入这 1 行" in page


def test_a_table_moves_buildings_and_names_rows_that_fit_nothing(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    rows = client.get(f"/plans/{plan.uuid}/file/csv/").content.decode().splitlines()
    building = rows[1].split(",")[0].strip()
    table = f"building_code,cell_code,cell_name\n{building},,新的一格\nNOWHERE,,新的一格\n".encode()
    refused = send(client, plan, "a.csv", table)
    assert refused.status_code == 422
    assert "NOWHERE" in refused.content.decode()
    plan.refresh_from_db()
    assert plan.revision == 0
    assert send(client, plan, "a.csv", table, partly="yes").status_code == 302
    plan.refresh_from_db()
    assert (building, "", "新的一格") in assignment_of(plan, drawing_of(plan))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b"{"),
        ("a.zip", b"PK\x03\x04rubbish"),
        ("a.kml", b'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "x">]><kml/>'),
        ("a.csv", b"a,b\n1,2\n"),
        ("empty.csv", b""),
        ("../../x.dxf", b"0\nEOF\n"),
        ("a.geojson", json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}).encode()),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_nothing_is_written(client_of, cast, name, content):
    plan = a_plan(cast)
    answer = send(client_of("zhao"), plan, name, content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Plan.objects.get(pk=plan.pk).revision == 0


def test_a_plan_changed_meanwhile_is_a_conflict_in_words(client_of, cast):
    plan, client = a_plan(cast), client_of("zhao")
    content = client.get(f"/plans/{plan.uuid}/file/geojson/").content
    step(cast, plan, "lock", cells=[], locked=True)
    answer = send(client, plan, "a.geojson", content)
    assert answer.status_code == 422
    assert "刚才有人改动了这个方案" in answer.content.decode()


def test_who_only_reads_gets_files_and_no_form_and_another_street_nothing(client_of, cast):
    plan = a_plan(cast)
    page = client_of("li").get(f"/plans/{plan.uuid}/file/")
    assert page.status_code == 200
    assert 'type="file"' not in page.content.decode()
    assert send(client_of("li"), plan, "a.csv", b"building_code,cell_code\n1,2\n").status_code in (403, 422)
    for address in ("file/", "file/csv/", "file/dxf/", "print/"):
        assert client_of("chen").get(f"/plans/{plan.uuid}/{address}").status_code == 404
    assert client_of("zhao").get(f"/plans/{plan.uuid}/file/exe/").status_code == 404


@pytest.mark.parametrize("paper", ["a4", "a3", "x"])
def test_the_sheet_has_map_scale_and_table(client_of, cast, paper):
    plan = a_plan(cast)
    text = client_of("zhao").get(f"/plans/{plan.uuid}/print/?paper={paper}").content.decode()
    assert "<svg" in text
    assert "1:" in text
    for cell in drawing_of(plan).cells.values():
        assert cell.name in text


def test_a_name_cannot_break_out_of_the_sheet(client_of, cast):
    plan = a_plan(cast)
    Plan.objects.filter(pk=plan.pk).update(name='<script>alert(1)</script>"')
    text = client_of("zhao").get(f"/plans/{plan.uuid}/print/").content.decode()
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "半.kml",
            b'<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document',
            "半.kml 读不出来（第 3 行有错误）",
        ),
        ("半.dxf", b"0\nSECTION\n2\nENTITIES\n0\nLINE\n8", "半.dxf 读不出来"),
        ("半.gpkg", b"SQLite format 3\x00" + bytes(3000), "半.gpkg 读不出来（里面的数据库已损坏）"),
        ("空.csv", b"", "空.csv 是空的"),
    ],
)
def test_what_a_library_says_is_told_in_the_reader_s_words(client_of, cast, name, content, said):
    page = send(client_of("zhao"), a_plan(cast), name, content).content.decode()
    assert said in page
    assert "/tmp" not in page
    assert "gdal" not in page


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", ("网格_边界.zip 不是能打开的 ZIP", "请重新打包")), ("en", ("is not a ZIP archive", "Pack it again"))],
)
def test_a_broken_archive_is_named_with_its_cure_in_the_language_of_the_reader(client_of, cast, language, said):
    client = client_of("zhao")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with override(settings.LANGUAGE_CODE):  # what a request sets stays set for whoever comes next
        page = send(client, a_plan(cast), "网格 边界.zip", b"PK\x03\x04rubbish").content.decode()
    assert all(one in page for one in (*said, "网格_边界.zip"))


@pytest.mark.parametrize("name", ["\U00020000" * 60 + "." + "\U00020000" * 7, "网" * 200 + ".GeoJSON", "é" * 99])
def test_a_name_longer_than_a_disk_takes_is_no_error(client_of, cast, name):
    answer = send(client_of("zhao"), a_plan(cast), name, b"PK\x03\x04rubbish")
    assert answer.status_code == 422
