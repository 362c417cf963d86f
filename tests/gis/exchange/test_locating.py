"""A file of addresses is located row by row, says how sure it is, and goes on where it was stopped."""

import csv
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from gis.accounts.scope import Scope
from gis.exchange import locating
from gis.exchange.locating import locate, locate_file
from gis.models import Dwelling
from tests.cast import OTHER_STREET, STREET

pytestmark = pytest.mark.django_db
HERE = Scope.of([STREET])


@pytest.fixture
def door() -> Dwelling:
    doors = Dwelling.objects.inside(HERE).filter(unit="2", building__compound__isnull=False, building__number="2号楼")
    return doors.select_related("building__compound").first()


def run(file: Path, **options) -> str:
    said = StringIO()
    call_command("locate", str(file), stdout=said, **options)
    return said.getvalue()


def written(file: Path) -> list[dict]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_it_gives_codes_coordinates_and_confidence(door):
    building = door.building
    found = locate(f"胜利街道{building.compound.name}2栋2单元{door.room}室", HERE)
    assert (found.level, found.building_code, found.cell) == ("door", building.code, building.area)
    assert found.dwelling == f"2单元{door.room}"
    assert found.confidence >= 0.9
    assert building.geometry.envelope.buffer(1e-5).contains(building.geometry.point_on_surface)
    assert abs(found.longitude - building.geometry.point_on_surface.x) < 1e-5


def test_it_names_candidates_where_it_is_not_sure(door):
    found = locate("2号楼", HERE)
    assert found.level == ""
    assert found.candidates.count(";") == 2
    assert found.confidence < 0.5


def test_it_finds_nothing_outside_the_scope(door):
    found = locate(door.building.label, Scope.of([OTHER_STREET]))
    assert found.building_code == ""


def test_it_keeps_the_columns_and_names_bad_rows(door, tmp_path):
    file = tmp_path / "名单.csv"
    file.write_text(f"序号,地址\n1,{door.building.label}\n2,\n3,不存在的地方\n4,=1+1\n", encoding="utf-8")
    said = run(file)
    assert "row 3: The row has no address." in said
    assert "row 4: Nothing in scope is like it." in said
    rows = written(tmp_path / "名单.located.csv")
    assert [row["序号"] for row in rows] == ["1", "2", "3", "4"]
    assert rows[0]["building_code"] == door.building.code
    assert rows[3]["地址"] == "'=1+1"
    assert list(tmp_path.glob("*.part")) == []


def test_it_writes_a_workbook(door, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(f"地址\n{door.building.label}\n", encoding="utf-8")
    run(file, out=tmp_path / "b.xlsx")
    assert list(pd.read_excel(tmp_path / "b.xlsx", engine="calamine", dtype=str)["building_code"]) == [
        door.building.code
    ]


def test_a_stopped_run_goes_on(door, tmp_path, monkeypatch):
    monkeypatch.setattr(locating, "_BATCH", 2)
    file, out = tmp_path / "a.csv", tmp_path / "b.csv"
    file.write_text("地址\n" + f"{door.building.label}\n" * 5, encoding="utf-8")
    run_ = locate_file(file, out, HERE)
    next(run_)
    run_.close()
    assert not out.exists()
    part = next(tmp_path.glob("*.part"))
    part.write_text(part.read_text(encoding="utf-8") + "door,half", encoding="utf-8")  # the machine stopped here
    asked = []
    monkeypatch.setattr(locating, "locate", lambda text, scope: asked.append(text) or locate(text, scope))
    assert len(list(locate_file(file, out, HERE))) == 5
    assert len(asked) == 3
    assert [row["building_code"] for row in written(out)] == [door.building.code] * 5


@pytest.mark.parametrize(("content", "said"), [("a,b\n1,2\n", "哪一列"), ("", "是空的"), ("地址\n", "没有数据行")])
def test_it_refuses_what_it_cannot_read(tmp_path, content, said):
    file = tmp_path / "a.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=said):
        run(file)


def test_it_never_writes_over_the_file(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("地址\n某处\n", encoding="utf-8")
    with pytest.raises(CommandError, match="another"):
        run(file, out=file)
