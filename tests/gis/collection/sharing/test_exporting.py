"""Files: marked with who, when and what for, masked, logged, without small counts, taken by whoever ordered them."""

import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pyogrio
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gis.collection.sharing.exporting import clear_exports, content_of, make_export, order_export, take
from gis.collection.sharing.subscribing import end
from gis.collection.sharing.taking import FEWEST, withheld
from gis.errors import Conflict, NotAllowed, Refused, WanggeError
from gis.exchange.plain import shown_as_is
from gis.models import Export, Field, Reading, Resident, SubscribedField
from tests.cast import CELL, COMMUNITY
from tests.gis.collection.sharing.test_feed import resident, say
from tests.gis.collection.sharing.test_subscribing import in_force, officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def ordered(cast, one, kind: str = "xlsx", purpose: str = "核对助餐名单") -> Export:
    return order_export(one, kind, purpose, by=cast.he, access=cast.he.access, language="zh-hans")


def made(cast, one, kind: str = "xlsx") -> Export:
    order = ordered(cast, one, kind)
    make_export(order.pk)
    return Export.objects.get(pk=order.pk)


def rows_of(order: Export, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content_of(order).decode(encoding))))


def opened(order: Export) -> Path:
    """The file as whoever ordered it has it."""
    path = Path(order.file.path).with_name(f"taken.{order.kind}")
    path.write_bytes(content_of(order))
    return path


def test_a_workbook_says_who_took_it_when_and_what_for_on_every_sheet(cast):
    order = made(cast, in_force(cast, "sex", "name", "meal_help", area=COMMUNITY))
    assert (order.stage, order.percent) == ("done", 100)
    marks = [part for name, part in parts_of(order) if name.startswith("xl/worksheets/sheet")]
    assert len(marks) == 3
    for part in marks:
        told = re.search(r"<oddHeader>(.*?)</oddHeader><oddFooter>(.*?)</oddFooter>", part)
        assert all(word in side for side in told.groups() for word in ("何专员", "he", "核对助餐名单"))
    data = sheet_of(order, "数据")
    assert "何专员" in data[0][0]
    assert data[1] == ["编号", "网格代码", "性别", "姓名"]
    assert {row[3][-1:] for row in data[2:]} == {"*"}


def parts_of(order: Export) -> list[tuple[str, str]]:
    with zipfile.ZipFile(opened(order)) as book:
        return [(name, book.read(name).decode()) for name in book.namelist() if name.endswith(".xml")]


def sheet_of(order: Export, name: str) -> list[list]:
    return CalamineWorkbook.from_path(opened(order)).get_sheet_by_name(name).to_python()


@pytest.mark.parametrize(("kind", "encoding"), [("csv", "utf-8-sig"), ("gb.csv", "gb18030")])
def test_a_csv_file_has_the_mark_in_its_first_line(cast, kind, encoding):
    person = resident()
    say(person, "occupation", "=cmd|' /C calc'!A0")
    order = made(cast, in_force(cast, "occupation", area=COMMUNITY), kind)
    rows = rows_of(order, encoding)
    assert "核对助餐名单" in rows[0][0]
    assert rows[1] == ["编号", "网格代码", "职业"]
    assert ["'=cmd|' /C calc'!A0"] in [row[2:] for row in rows]
    assert len(rows) == 2 + Resident.objects.filter(area__startswith=COMMUNITY).count()


def test_a_geopackage_has_the_cells_as_shapes_and_never_a_door(cast):
    order = made(cast, in_force(cast, "sex", "meal_help", area=COMMUNITY), "gpkg")
    layers = {name for name, _kind in pyogrio.list_layers(opened(order))}
    assert layers == {"cells", "rows", "about"}
    cells = pyogrio.read_dataframe(opened(order), layer="cells")
    assert cells.geometry.notna().all()
    rows = pyogrio.read_dataframe(opened(order), layer="rows")
    assert list(rows.columns) == ["id", "area", "sex"]
    assert cells["rows"].sum() == rows["area"].isin(cells["area"]).sum()


def test_needs_leave_as_counts_by_cell_and_small_ones_not_at_all(cast):
    for _each in range(FEWEST - 1):
        say(resident(), "meal_help", "1")
    rows = sheet_of(made(cast, in_force(cast, "meal_help", area=COMMUNITY)), "按网格计数")
    counted = {row[0]: row[2] for row in rows[2:]}
    assert counted[CELL] == "少于 5，不显示"


def test_everybody_in_the_file_is_in_the_log_with_the_fields_and_the_purpose(cast):
    person = resident()
    order = made(cast, in_force(cast, "sex", area=COMMUNITY))
    noted = Reading.objects.get(by=cast.he, act="export", residents__contains=[person.pk])
    assert (noted.reason, noted.fields) == ("核对助餐名单", [f"#{Field.objects.get(code='sex').pk}"])
    assert order.people == Resident.objects.filter(area__startswith=COMMUNITY).count() == len(noted.residents)


def test_the_order_of_rows_says_nothing_of_who_was_registered_when(cast):
    order = made(cast, in_force(cast, "sex", area=COMMUNITY), "csv")
    body = rows_of(order)[2:]
    assert body == sorted(body, key=lambda row: (row[1], row[0]))


def test_what_is_made_is_what_is_granted_at_that_moment(cast):
    one = in_force(cast, "sex", area=COMMUNITY)
    order = ordered(cast, one)
    end(one, by=cast.he, access=cast.he.access)
    make_export(order.pk)
    order.refresh_from_db()
    assert (order.stage, order.file.name) == ("failed", "")
    with pytest.raises(Conflict):
        ordered(cast, one)


def test_only_who_ordered_it_takes_it_while_the_subscription_holds(cast):
    one = in_force(cast, "sex", area=COMMUNITY)
    order = made(cast, one)
    other = officer("civil")
    for user in (other, cast.sun, cast.wang):
        with pytest.raises(NotAllowed):
            take(order, by=user, access=user.access)
    take(order, by=cast.he, access=cast.he.access)
    end(one, by=cast.he, access=cast.he.access)
    with pytest.raises(Conflict):
        take(Export.objects.get(pk=order.pk), by=cast.he, access=cast.he.access)


def test_a_field_that_was_taken_back_is_in_no_file_made_before(cast):
    """Others of the subscription go on: a new file, without it, can be ordered and taken."""
    one = in_force(cast, "sex", "name", area=COMMUNITY)
    before = made(cast, one, "csv")
    assert take(before, by=cast.he, access=cast.he.access)
    now = timezone.now()
    SubscribedField.objects.filter(subscription=one, field__code="name").update(
        state="revoked", reason="不再需要", decided_at=now
    )
    with pytest.raises(WanggeError):
        take(before, by=cast.he, access=cast.he.access)
    assert take(made(cast, one, "csv"), by=cast.he, access=cast.he.access)


def test_a_file_that_is_overdue_is_not_given_out_though_nobody_has_cleared_it(cast):
    order = made(cast, in_force(cast, "sex", area=COMMUNITY))
    Export.objects.update(expires_at=timezone.now())
    order.refresh_from_db()
    with pytest.raises(WanggeError):
        take(order, by=cast.he, access=cast.he.access)


def test_a_file_goes_after_some_days_and_its_row_stays(cast):
    order = made(cast, in_force(cast, "sex", area=COMMUNITY))
    path = order.file.path
    assert clear_exports() == 0
    Export.objects.filter(pk=order.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert clear_exports() == 1
    order.refresh_from_db()
    assert (order.stage, order.file.name) == ("expired", "")
    assert not Path(path).exists()
    with pytest.raises(WanggeError):
        take(order, by=cast.he, access=cast.he.access)


def test_an_order_says_what_for_and_is_of_a_kind_there_is(cast):
    one = in_force(cast, "sex", area=COMMUNITY)
    for kind, purpose in (("xlsx", ""), ("pdf", "核对")):
        with pytest.raises(Refused):
            ordered(cast, one, kind, purpose)
    other = officer("labour")
    with pytest.raises(NotAllowed):
        order_export(one, "xlsx", "核对", by=other, access=other.access, language="en")


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30)), st.integers(0, 40))
def test_no_small_count_and_no_small_rest_leaves_and_no_sum_gives_one_away(counts, more):
    totals = {cell: number + more for cell, number in counts.items()}
    told = withheld(counts, totals)
    assert told.keys() == counts.keys()
    for cell, number in told.items():
        if number is not None:
            assert number == counts[cell]
            assert not 0 < number < FEWEST
            assert not 0 < totals[cell] - number < FEWEST
    hidden = [cell for cell, number in told.items() if number is None]
    assert len(hidden) != 1 or len(counts) == 1


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "\tx"])
def test_a_value_is_no_formula(text):
    assert shown_as_is(text) == f"'{text}"


def test_what_lies_on_the_disk_is_sealed(cast):
    order = made(cast, in_force(cast, "sex", area=COMMUNITY), "csv")
    assert "性别" in content_of(order).decode()
    assert "性别".encode() not in Path(order.file.path).read_bytes()
