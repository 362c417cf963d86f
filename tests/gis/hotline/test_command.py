"""`import_incidents` on an export of a hotline."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gis.hotline.hotline_file import HotlineFile, HotlineRow
from gis.models import Incident
from tests.cast import STREET
from tests.gis.hotline.bringing import an_order, as_csv, case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def run(tmp_path, *orders, **options) -> str:
    path, out = tmp_path / "工单.csv", StringIO()
    path.write_bytes(as_csv(*orders))
    call_command("import_incidents", path, yes=True, area=STREET, stdout=out, **options)
    return out.getvalue()


def test_it_knows_an_export_of_a_hotline_and_accounts_for_it(db, tmp_path):
    told = run(tmp_path, an_order("A1"), an_order("A2", 诉求地址="桥头"), an_order("A3", 来电时间="昨天"))
    assert "1 filed, 0 changed, 0 known, 1 with faults" in told
    assert "1 wait for a place" in told
    assert "13800138000" not in told
    assert case("A1").origin == "hotline"


def test_run_again_it_changes_nothing(db, tmp_path):
    rows = [an_order("A1"), an_order("A2")]
    run(tmp_path, *rows)
    assert "0 filed, 0 changed, 2 known" in run(tmp_path, *rows)


def test_a_dry_run_leaves_nothing(db, tmp_path):
    count = Incident.objects.count()
    assert "1 new" in run(tmp_path, an_order("A1"), dry_run=True)
    assert Incident.objects.count() == count
    assert not HotlineRow.objects.exists()
    assert not HotlineFile.objects.exclude(content="").exists()


def test_a_column_may_be_named(db, tmp_path):
    row = {("单据" if title == "工单编号" else title): value for title, value in an_order("A1").items()}
    with pytest.raises(CommandError, match="number"):
        run(tmp_path, row, hotline=True)
    assert "1 filed" in run(tmp_path, row, hotline=True, wishes=["number=单据"])


def test_the_faults_are_saved_without_a_value_of_a_person(db, tmp_path):
    from python_calamine import CalamineWorkbook

    run(tmp_path, an_order("A1", 来电时间="昨天"), report=tmp_path / "faults.xlsx")
    rows = CalamineWorkbook.from_path(tmp_path / "faults.xlsx").get_sheet_by_index(0).to_python()
    assert rows[1][:4] == [2, "A1", "来电时间", "来电时间"]
    assert "13800138000" not in str(rows)
