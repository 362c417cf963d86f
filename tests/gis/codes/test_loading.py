"""Loading the code tables at every start: what changed in the files arrives, what administrators changed stays."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from gis.codes import loading
from gis.codes.ledger import LEDGER
from gis.codes.loading import load_table, read_table, table_names
from gis.incidents.categories import differences, load_categories
from gis.incidents.category_changing import change_category
from gis.models import Category, Code

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A table of our own, written anew by calling it with its rows of (code, name)."""
    monkeypatch.setattr(loading, "TABLES", tmp_path)

    def write(*rows: tuple[str, str]) -> int:
        with (tmp_path / "trial.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("code", "name"), *rows])
        return load_table("trial")

    return write


def entries() -> list[tuple]:
    return list(Code.objects.filter(table="trial").values_list("code", "name", "retired"))


@pytest.mark.parametrize("name", table_names())
def test_every_table_is_in_force_as_its_file_says(name):
    expected = [(row["code"], row["name"]) for row in read_table(name)]
    assert list(Code.objects.filter(table=name, retired=False).values_list("code", "name")) == expected


def test_it_is_safe_to_run_again_and_then_writes_nothing(django_assert_num_queries):
    before = list(Code.objects.order_by("pk").values())
    with django_assert_num_queries(3):  # the ledger, inside a transaction
        load_table("sex")
    load_categories()
    assert list(Code.objects.order_by("pk").values()) == before


def test_a_line_that_changed_in_the_file_arrives(table):
    table(("1", "甲"), ("2", "乙"))
    table(("1", "甲"), ("2", "丙"))
    assert entries() == [("1", "甲", False), ("2", "丙", False)]


def test_an_entry_that_left_the_file_is_retired_and_one_that_comes_back_is_not(table):
    table(("1", "甲"), ("2", "乙"))
    table(("1", "甲"))
    assert entries() == [("1", "甲", False), ("2", "乙", True)]
    table(("1", "甲"), ("2", "乙"))
    assert entries() == [("1", "甲", False), ("2", "乙", False)]


def test_a_new_line_moves_the_others_down(table):
    table(("1", "甲"), ("2", "乙"))
    table(("0", "零"), ("1", "甲"), ("2", "乙"))
    assert [code for code, *_ in entries()] == ["0", "1", "2"]


def test_what_an_administrator_changed_stays(table):
    table(("1", "甲"), ("2", "乙"))
    Code.objects.filter(table="trial", code="2").update(name="本地名", retired=True)
    table(("0", "零"), ("1", "甲"), ("2", "乙"))
    assert entries()[-1] == ("2", "本地名", True)


def test_what_an_administrator_added_stays(table):
    table(("1", "甲"))
    Code.objects.create(table="trial", code="9", name="本地", position=9)
    table(("1", "乙"))
    assert ("9", "本地", False) in entries()


def test_a_time_limit_an_administrator_set_stays():
    category = Category.objects.filter(kind="community", dispose_within__isnull=False).first()
    Category.objects.filter(pk=category.pk).update(dispose_within=99)
    load_categories()
    assert Category.objects.get(pk=category.pk).dispose_within == 99


def test_every_category_of_the_community_has_its_time_limit():
    limits = Category.objects.filter(kind="community")
    assert limits
    assert all(one.accept_within_hours and one.dispose_within and one.dispose_unit for one in limits)


def test_the_ledger_is_no_table_of_codes():
    assert Code.objects.filter(table=LEDGER).exists()
    assert LEDGER not in table_names()


@pytest.fixture
def standard(monkeypatch):
    """What the files say of a category, changed by calling it with the fields that are different now."""
    from gis.incidents import categories

    files = categories.standard()
    monkeypatch.setattr(categories, "standard", lambda: files)

    def write(code: str, **news) -> Category:
        rows = files["community"]
        rows[code] = rows.get(code, {}) | news
        load_categories()
        return Category.objects.get(kind="community", code=code)

    return write


def test_a_new_standard_holds_from_now_on_and_leaves_its_trace(standard):
    before = Category.objects.get(kind="community", code="C0301")
    after = standard("C0301", name="生活垃圾堆积", dispose_within=1)
    assert (after.name, after.dispose_within) == ("生活垃圾堆积", 1)
    assert after.at(timezone.now() - timedelta(hours=1)).name == before.name
    assert after.changes.last().origin == "standard"


def test_what_was_changed_here_stays_and_is_told_as_a_difference(standard, cast):
    change_category(Category.objects.get(kind="community", code="C0301"), {"name": "本地名"}, user=cast.admin)
    after = standard("C0301", name="新标准名", urgent=True)
    assert (after.name, after.urgent) == ("本地名", True)
    assert differences(after) == {"name": ("新标准名", "本地名")}
    assert standard("C0301").name == "本地名"  # and it stays so at the next start


def test_a_category_that_left_the_standard_is_retired_and_comes_back(standard, monkeypatch):
    from gis.incidents import categories

    files = categories.standard()
    row = files["community"].pop("C0301")
    load_categories()
    assert Category.objects.get(kind="community", code="C0301").retired
    assert not standard("C0301", **row).retired


def test_a_category_from_before_files_were_remembered_takes_only_what_it_never_had(standard):
    Category.objects.filter(code="C0301").update(standard=None, name="旧名", synonyms="")
    after = standard("C0301")
    assert after.name == "旧名"
    assert "垃圾" in after.synonyms
    assert "name" in differences(after)
