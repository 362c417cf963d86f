"""The catalogue: loaded from its file, changed with a trace, never one meaning twice."""

import pytest
from django.db import DatabaseError, connection, transaction

from gis.accounts.scope import applied
from gis.collection import catalogue
from gis.collection.catalogue import add_field, change_field, load_fields, standard_fields
from gis.errors import Conflict, Refused
from gis.models import Department, Field, FieldChange

pytestmark = pytest.mark.django_db
WANTED = {"name": "宠物数量", "kind": "number", "basis": "《养犬管理规定》"}


def test_every_field_of_the_file_is_there_with_its_owner():
    for code, row in standard_fields().items():
        field = Field.objects.get(code=code)
        assert field.name == row["name"]
        assert (field.owner.code if field.owner else "") == row["owner"], code


def test_loading_again_changes_nothing():
    before = list(Field.objects.values())
    load_fields()
    assert list(Field.objects.values()) == before
    assert not FieldChange.objects.exists()


def test_a_newer_file_changes_what_nobody_changed_here(cast, monkeypatch):
    field = Field.objects.get(code="employment")
    change_field(field.pk, {"source": "就业登记"}, by=cast.sun, reason="改为登记", seen=0)
    rows = standard_fields()
    rows["employment"] |= {"source": "社保登记", "basis": "新的依据", "synonyms": "就业状态 工作情况"}
    monkeypatch.setattr(catalogue, "standard_fields", lambda: rows)
    load_fields()
    field.refresh_from_db()
    assert (field.source, field.basis, field.synonyms) == ("就业登记", "新的依据", "就业状态 工作情况")
    assert field.changes.first().by is None


def test_what_leaves_the_file_is_retired_and_stays(monkeypatch):
    rows = standard_fields()
    del rows["heating"]
    monkeypatch.setattr(catalogue, "standard_fields", lambda: rows)
    load_fields()
    assert Field.objects.get(code="heating").retired


def test_a_change_leaves_a_trace_that_no_request_rewrites(cast):
    field = Field.objects.get(code="employment")
    labour, civil = (Department.objects.get(code=code) for code in ("labour", "civil"))
    change_field(field.pk, {"owner": civil.pk, "name": field.name}, by=cast.sun, reason="职责调整", seen=0)
    change = field.changes.get()
    assert (change.sets, change.reason, change.by) == ({"owner": [labour.pk, civil.pk]}, "职责调整", cast.sun)
    with applied(cast.sun.access.which("area.read")), pytest.raises(DatabaseError), transaction.atomic():
        FieldChange.objects.filter(pk=change.pk).update(reason="")


def test_who_did_not_see_the_last_change_is_told(cast):
    field = Field.objects.get(code="employment")
    change_field(field.pk, {"source": "一"}, by=cast.sun, reason="一", seen=0)
    with pytest.raises(Conflict) as conflict:
        change_field(field.pk, {"source": "二"}, by=cast.admin, reason="二", seen=0)
    assert conflict.value.theirs == {"revision": 1, "sets": ["source"]}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"name": ""}, "name"), ({"kind": "picture"}, "kind"), ({"sharing": "perhaps"}, "sharing"),
        ({"rule": "everybody"}, "rule"), ({"kind": "code", "table": "no_such"}, "table"),
        ({"kind": "choice", "options": [["一个", ""]]}, "options"), ({"only": ["rich"]}, "only"),
        ({"sharing": "none", "basis": ""}, "basis"), ({"name": "手机号"}, "name"),
        ({"synonyms": "猫狗 联系电话"}, "synonyms"),
    ],
)  # fmt: skip
def test_nonsense_and_doubles_are_refused(cast, wrong, where):
    with pytest.raises(Refused) as refused:
        add_field("person", WANTED | wrong, by=cast.sun, reason="试")
    assert where in refused.value.fields


def test_a_field_of_ones_own_gets_a_code_and_is_then_the_only_one(cast):
    made = add_field("person", WANTED, by=cast.sun, reason="养犬登记")
    assert made.code.startswith("local")
    with pytest.raises(Refused):
        add_field("person", WANTED | {"name": "宠物数量（只）"}, by=cast.sun, reason="再来")
    assert add_field("household", WANTED, by=cast.sun, reason="每户").code != made.code


@pytest.mark.parametrize("sets", [{"kind": "number"}, {"sealed": True}])
def test_what_a_column_keeps_stays_as_the_column_is(cast, sets):
    field = Field.objects.get(code="born")
    with pytest.raises(Refused) as refused:
        change_field(field.pk, sets, by=cast.sun, reason="试", seen=0)
    assert set(refused.value.fields) == set(sets)


def test_every_rule_of_a_field_is_a_row_of_the_one_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT rule FROM grid_field")
        used = {row[0] for row in cursor.fetchall()}
    assert used <= set(catalogue.rules())
