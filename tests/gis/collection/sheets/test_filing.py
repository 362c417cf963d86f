"""A table from its bytes to facts, corrections and new people; and what never happens on the way."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from gis.collection.sheets.bringing import bring, clear_outlived, discard, same_before
from gis.collection.sheets.filing import file_lot
from gis.collection.sheets.sheet import Outcome, Sheet, SheetRow
from gis.collection.sheets.values import Values
from gis.errors import NotAllowed, Refused
from gis.models import Correction, Department, Fact, Need, Residence, Resident
from gis.people.sealing import blind_index
from tests.cast import CELL, COMMUNITY, DISTRICT, OTHER_STREET
from tests.gis.collection.sheets.bringing import (
    a_row,
    address_of,
    brought,
    checked,
    door_of,
    empty_door,
    faults,
    file_all,
    filed,
    number_of,
    outcomes,
    residents,
)
from tests.gis.collection.sheets.tables import number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def facts_of(person, code):
    return list(Fact.objects.filter(resident=person, field__code=code, source="file").values_list("value", flat=True))


def test_a_known_person_is_linked_and_what_the_department_owns_becomes_a_fact(he):
    (person,) = residents(1)
    sheet = filed(he, a_row(person, 是否低保="是"), as_of=dt.date(2026, 3, 1))
    assert outcomes(sheet) == [("link", "changed")]
    fact = Fact.objects.get(resident=person, field__code="need_subsistence", source="file")
    assert (fact.value, fact.department, fact.said_on, fact.by) == ("1", he.department, dt.date(2026, 3, 1), he)
    assert Need.objects.filter(resident=person, tag="subsistence", ends=None).exists()


def test_the_same_table_twice_changes_nothing_and_says_so(he):
    rows = [a_row(person, 是否低保="是", 学历="本科") for person in residents(3)]
    rows.append(a_row(姓名="欧阳新来", 身份证号=number("1980-01-02", 11), 住址=address_of(empty_door()), 学历="初中"))
    first = filed(he, *rows)
    told = Fact.objects.count(), Correction.objects.count(), Resident.objects.count(), Residence.objects.count()
    second = filed(he, *rows)
    assert set(outcomes(second)) == {("link", "same")}
    assert told == (
        Fact.objects.count(),
        Correction.objects.count(),
        Resident.objects.count(),
        Residence.objects.count(),
    )
    assert same_before(second) == first


def test_what_another_department_owns_is_asked_not_overwritten(he):
    (person,) = residents(1)
    other = "2" if person.sex == "1" else "1"
    Resident.objects.filter(pk=person.pk).update(
        identity_sealed=None, identity_index=None, identity_last4="", sex=other
    )
    row = a_row(
        None,
        姓名=person.name,
        出生日期=str(person.born),
        性别={"1": "女", "2": "男"}[other],
        住址=address_of(door_of(person)),
    )
    sheet = checked(he, row)
    SheetRow.objects.filter(sheet=sheet).update(verdict="link", resident=person)
    file_all(sheet)
    person.refresh_from_db()
    assert person.sex == other
    asked = Correction.objects.get(resident=person, field__code="sex")
    assert (asked.value, asked.department, asked.state) == ((person.sex == "1" and "2") or "1", he.department, "open")


def test_the_owner_departments_word_stands_in_the_column_too(he):
    he.department = Department.objects.get(code="police")
    he.save()
    (person,) = residents(1)
    name = person.name[0] + "更名"
    sheet = checked(he, a_row(person, 姓名=name))
    SheetRow.objects.filter(sheet=sheet).update(verdict="link", resident=person)
    file_all(sheet)
    person.refresh_from_db()
    assert person.name == name
    assert not Correction.objects.filter(resident=person, field__code="name").exists()


def test_an_older_table_of_the_owner_does_not_overrule_a_newer_one(he):
    (person,) = residents(1)
    filed(he, a_row(person, 是否低保="是"), as_of=dt.date(2026, 6, 1))
    filed(he, a_row(person, 是否低保="否"), as_of=dt.date(2026, 1, 1))
    assert Need.objects.filter(resident=person, tag="subsistence", ends=None).exists()
    again = filed(he, a_row(person, 是否低保="否"), as_of=dt.date(2026, 1, 1))
    assert outcomes(again) == [("link", "same")]


def test_somebody_new_is_registered_at_a_known_door(he):
    door = empty_door()
    sheet = filed(
        he,
        a_row(
            姓名="欧阳新来",
            身份证号=number("1980-01-02", 11),
            联系电话="12900000009",
            住址=address_of(door),
            学历="初中",
        ),
    )
    assert outcomes(sheet) == [("new", "made")]
    made = Resident.objects.get(identity_index=blind_index(number("1980-01-02", 11)))
    stay = made.residences.get()
    assert (made.name, made.sex, made.born, made.area) == ("欧阳新来", "1", dt.date(1980, 1, 2), door.area)
    assert (stay.dwelling, stay.household.dwelling, stay.kind, stay.ends) == (door, door, "living", None)
    assert facts_of(made, "education") == ["初中"]
    assert facts_of(made, "name") == ["欧阳新来"]


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"住址": "没有的小区1号楼101室"}, "no_home"),
        ({"住址": ""}, "no_home"),
        ({"身份证号": "", "出生日期": "1980"}, "too_little"),
        ({"性别": "女"}, "held"),
        ({"出生日期": "1981-01-02"}, "held"),
        ({"身份证号": "1.10113E+17"}, "held"),
        ({"姓名": "欧阳新来、欧阳又来"}, "two_people"),
        ({"姓名": ""}, "no_name"),
    ],
)
def test_who_lacks_what_a_person_needs_is_refused_with_the_reason(he, told, fault):
    usual = {"姓名": "欧阳新来", "身份证号": number("1980-01-02", 11), "住址": address_of(empty_door())}
    sheet = filed(he, a_row(None, **usual | told))
    assert outcomes(sheet) == [("fault", "fault")]
    assert fault in faults(sheet)[0]
    assert not Resident.objects.filter(name__startswith="欧阳新来").exists()


def test_a_sheet_in_which_0_is_a_woman_reaches_the_record_right(he):
    door, numbers = address_of(empty_door()), [number(f"1980-01-{day:02}", 10 + day) for day in range(1, 9)]
    rows = [
        a_row(None, 姓名=f"欧阳{sign}", 身份证号=one, 性别="1" if int(one[16]) % 2 else "0", 住址=door)
        for sign, one in zip("甲乙丙丁戊己庚辛", numbers, strict=True)
    ]
    sheet = filed(he, *rows)
    assert {one for _verdict, one in outcomes(sheet)} == {"made"}
    sexes = dict(Resident.objects.filter(name__startswith="欧阳").values_list("name", "sex"))
    assert {sexes["欧阳甲"], sexes["欧阳丙"]} == {"1"}
    assert {sexes["欧阳乙"], sexes["欧阳丁"]} == {"2"}


def test_rows_that_come_twice_are_found(he):
    (person,) = residents(1)
    sheet = filed(he, a_row(person), a_row(person), a_row(person, 学历="本科"))
    assert outcomes(sheet) == [("link", "same"), ("twin", "twin"), ("fault", "fault")]
    assert ["twin", "name", {"row": 2}] in SheetRow.objects.get(sheet=sheet, row=4).faults


def test_who_is_unsure_waits_for_a_person_and_nothing_is_written(he):
    (person,) = residents(1)
    row = a_row(
        None,
        姓名=person.name,
        身份证号=number_of(person)[:-2] + "99",
        性别="",
        出生日期="",
        住址=address_of(door_of(person)),
    )
    sheet = filed(he, row)
    kept = SheetRow.objects.get(sheet=sheet)
    if kept.verdict == "link":
        pytest.skip("the comparison was sure of it")
    assert (kept.verdict, kept.outcome) == ("review", "asked")
    assert kept.sealed is not None
    assert kept.candidates[0][0] == person.pk


def test_a_number_of_somebody_elses_name_is_looked_at(he):
    one, other = residents(2)
    sheet = filed(he, a_row(one, 姓名="皇甫无关", 出生日期=""))
    kept = SheetRow.objects.get(sheet=sheet)
    assert (kept.verdict, kept.outcome) == ("review", "asked")
    assert [candidate[0] for candidate in kept.candidates] == [one.pk]
    assert other.pk not in [candidate[0] for candidate in kept.candidates]


def test_nobody_outside_the_ground_is_found_or_told_of(he):
    """Whoever brings a table for a community learns nothing of who is known elsewhere."""
    far = residents(1, OTHER_STREET)[0] if residents(1, OTHER_STREET) else residents(1)[0]
    Resident.objects.filter(pk=far.pk).update(area="110113009001001")
    door = address_of(empty_door())
    known = a_row(None, 姓名=far.name, 身份证号=number_of(far), 住址=door)
    nobody = a_row(None, 姓名="欧阳新来", 身份证号=number("1980-01-02", 11), 住址=door)
    sheet = filed(he, known, nobody, area=COMMUNITY)
    assert outcomes(sheet) == [("new", "made")] * 2
    keys = list(SheetRow.objects.filter(sheet=sheet).order_by("row").values_list("resident", flat=True))
    assert keys[1] == keys[0] + 1
    assert Resident.objects.get(pk=keys[0]).doubled
    assert not Fact.objects.filter(resident=far, source="file").exists()


def test_a_number_that_somebody_out_of_sight_has_is_given_without_a_word(he):
    he.department = Department.objects.get(code="police")
    he.save()
    one, far = residents(2)
    taken = number_of(far)
    Resident.objects.filter(pk=far.pk).update(area="110113009001001")
    Resident.objects.filter(pk=one.pk).update(identity_sealed=None, identity_index=None, identity_last4="")
    row = a_row(None, 姓名=one.name, 身份证号=taken, 住址=address_of(door_of(one)))
    sheet = checked(he, row, area=COMMUNITY)
    SheetRow.objects.filter(sheet=sheet).update(verdict="link", resident=one)
    file_all(sheet)
    one.refresh_from_db()
    assert (one.identity_index, one.doubled) == (far.identity_index, True)
    assert outcomes(sheet) == [("link", "changed")]


def test_a_door_outside_the_ground_is_no_door(he):
    door = empty_door()
    sheet = filed(
        he, a_row(None, 姓名="欧阳新来", 身份证号=number("1980-01-02", 11), 住址=address_of(door)), area="110113001007"
    )
    assert faults(sheet) == [["no_home"]]


def test_a_table_of_homes_tells_of_doors(he):
    he.department = Department.objects.get(code="housing")
    he.save()
    door = door_of(residents(1)[0])
    rows = [
        {"房屋地址": address_of(door), "产权性质": "自有"},
        {"房屋地址": "没有的小区1号楼101室", "产权性质": "自有"},
    ]
    sheet = filed(he, *rows, mapping={"房屋地址": "address", "产权性质": "tenure"})
    assert outcomes(sheet) == [("link", "changed"), ("fault", "fault")]
    assert Fact.objects.get(dwelling=door, field__code="tenure", source="file").value == "02"


def test_nothing_of_a_table_lies_in_the_clear(he, media):
    (person,) = residents(1)
    row = a_row(person, 姓名="皇甫无关", 联系电话="12900001234", 出生日期="")
    checked(he, row, a_row(None, 姓名="欧阳新来", 身份证号="3"))
    secrets = ["皇甫无关", "欧阳新来", number_of(person), "12900001234", "名单"]
    for path in media.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not [one for one in secrets if one.encode() in data]
    with connection.cursor() as cursor:
        for table in ("grid_sheet", "grid_sheetrow", "grid_sheetcolumns"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            text = cursor.fetchone()[0]
            assert not [one for one in secrets if one in text or one.encode().hex() in text]


def test_what_is_settled_is_sealed_no_longer_and_the_file_goes_when_filing_begins(he):
    (person,) = residents(1)
    sheet = checked(he, a_row(person, 是否低保="是"))
    name = sheet.content.name
    assert default_storage.exists(name)
    file_all(sheet)
    assert not SheetRow.objects.filter(sheet=sheet).exclude(sealed=None).exists()
    assert not sheet.content


def test_a_lot_is_whole_and_the_rest_goes_on(he):
    rows = [a_row(person, 是否低保="是") for person in residents(5)]
    sheet = checked(he, *rows)
    assert file_lot(sheet, 2) == 2
    assert SheetRow.objects.filter(sheet=sheet, outcome=Outcome.WAITS).count() == 3
    assert file_lot(sheet, 2) + file_lot(sheet, 2) + file_lot(sheet, 2) == 3
    assert Fact.objects.filter(source="file", field__code="need_subsistence").count() == 5


def test_a_row_that_cannot_be_stored_is_found_and_the_others_come_in(he, monkeypatch):
    people = residents(5)
    sheet = checked(he, *[a_row(person, 是否低保="是") for person in people])
    real = Values.add

    def add(self, of, said):
        wrong = of.code == "need_subsistence"
        real(self, of, [one._replace(value="x" * 999) if wrong and one.key == people[2].pk else one for one in said])

    monkeypatch.setattr(Values, "add", add)
    file_all(sheet)
    assert [one for _verdict, one in outcomes(sheet)] == ["changed", "changed", "fault", "changed", "changed"]
    assert faults(sheet)[2][-1] == "broken"
    assert not Fact.objects.filter(resident=people[2], source="file").exists()


def test_discarded_rows_are_gone_and_filed_ones_stay(he):
    sheet = checked(he, *[a_row(person, 是否低保="是") for person in residents(3)])
    file_lot(sheet, 1)
    discard(sheet)
    told = sorted(one for _verdict, one in outcomes(sheet))
    assert told == ["changed", "dropped", "dropped"]
    assert not SheetRow.objects.exclude(sealed=None).exists()


def test_tables_and_rows_that_nobody_went_on_with_are_forgotten(he):
    idle = checked(he, a_row(residents(1)[0]))
    asked = filed(he, a_row(residents(1)[0], 姓名="皇甫无关", 出生日期=""))
    month = timezone.now() + dt.timedelta(days=31)
    assert clear_outlived(month) == 2
    idle.refresh_from_db()
    assert idle.stage == "done"
    assert not idle.content
    assert outcomes(asked) == [("fault", "fault")]
    assert faults(asked)[0][-1] == "expired"
    assert not SheetRow.objects.exclude(sealed=None).exists()


def test_columns_and_codes_are_remembered_by_department_and_headings(he):
    (person,) = residents(1)
    sheet = brought(he, a_row(person, 是否低保="享"))
    assert not sheet.plan["remembered"]
    checked(
        he,
        a_row(person, 是否低保="享"),
        mapping={"姓名": "name", "身份证号": "identity", "是否低保": "need_subsistence"},
    )
    again = brought(he, a_row(person))
    assert again.plan["remembered"]
    assert again.plan["mapping"] == {"姓名": "name", "身份证号": "identity", "是否低保": "need_subsistence"}
    he.department = Department.objects.get(code="police")
    assert not brought(he, a_row(person)).plan["remembered"]


@pytest.mark.parametrize("who", ["li", "wang", "zhao", "sun", "chen", "zhou", "admin"])
def test_only_an_officer_brings_tables(cast, who):
    with pytest.raises(NotAllowed):
        brought(cast[who], a_row(residents(1)[0]))


def test_an_officer_brings_tables_for_their_own_ground_alone(he):
    with pytest.raises(Refused):
        bring("x.csv", b"a,b\n1,2\n", "110112", user=he, access=he.access)
    he.department = None
    with pytest.raises(NotAllowed):
        bring("x.csv", b"a,b\n1,2\n", DISTRICT, user=he, access=he.access)


def test_rows_are_behind_the_wall(he):
    from gis.accounts.scope import Scope, applied

    sheet = filed(he, a_row(residents(1)[0]))
    assert SheetRow.objects.get(sheet=sheet).area.startswith(COMMUNITY)
    for area, seen in ((DISTRICT, 1), (OTHER_STREET, 0), (CELL[:-1] + "9", 0)):
        with applied(Scope.of([area])):
            assert SheetRow.objects.filter(sheet=sheet).count() == seen
    assert Sheet.objects.count() == 1
