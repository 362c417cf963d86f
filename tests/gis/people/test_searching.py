"""Finding people by what was typed: what may be found follows what may be seen."""

import pytest
from django.db import connection

from gis.accounts.scope import applied
from gis.models import Building, Residence, Resident, User
from gis.people.sealing import blind_index, seal
from gis.people.searching import closeness, one_apart, search_people
from gis.people.sounding import initials_of, sounds_of
from gis.people.typed import Kind
from tests.web.pages.street import A, build_street

pytestmark = pytest.mark.django_db
NUMBER, PHONE = "99010119900101777X", "13800137777"
EVERY = ("paper-worker", "paper-community", "paper-street", "paper-district", "paper-other", "paper-planner")


@pytest.fixture(autouse=True)
def _street(db):
    build_street()


@pytest.fixture
def zhang() -> Resident:
    return Resident.objects.create(
        name="张伟明", area=A, identity_sealed=seal(NUMBER), identity_index=blind_index(NUMBER),
        identity_last4=NUMBER[-4:], phone_sealed=seal(PHONE), phone_index=blind_index(PHONE), phone_last4=PHONE[-4:],
    )  # fmt: skip


def names(who: str, text: str) -> list[str]:
    """The names found, as the request would: under row-level security."""
    access = User.objects.get(username=who).access
    with applied(access.which("people.count")):
        found = search_people(text, access)
        by_key = dict(Resident.objects.filter(pk__in=found.keys).values_list("pk", "name"))
    return [by_key[key] for key in found.keys]


@pytest.mark.parametrize(
    "typed",
    ["张伟明", "张 伟明", "zhangweiming", "Zhang Wei Ming", "zwm", "张伟", "伟明", "章维铭", "张伟民", "张卫国明",
     "李伟明", "张明伟", "张weiming", "张韦", NUMBER, NUMBER.lower(), "990101 19900101 777X", PHONE, "138-0013-7777"],
)  # fmt: skip
def test_it_finds_by_what_people_type(zhang, typed):
    assert "张伟明" in names("paper-worker", typed)


def test_the_nearest_comes_first(zhang):
    for name in ("张为民", "张伟民", "李伟明", "张纬明", "张伟"):
        Resident.objects.create(name=name, area=A)
    found = names("paper-worker", "张伟明")
    assert found[0] == "张伟明"
    assert set(found[1:3]) == {"张纬明", "张伟民"}
    assert found[3] == "张为民"
    assert set(found) == {"张伟明", "张纬明", "张伟民", "李伟明", "张伟", "张为民"}


def test_it_does_not_take_another_name_for_it(zhang):
    assert names("paper-worker", "李国庆") == []


def test_a_long_name_is_found_with_one_wrong_sign():
    Resident.objects.create(name="阿卜杜拉·买买提", area=A)
    for typed in ("阿卜杜拉买买提", "阿不都拉买买提", "阿卜杜拉·买买", "艾卜杜拉买买提", "买买提"):
        assert "阿卜杜拉·买买提" in names("paper-worker", typed), typed


@pytest.mark.parametrize("typed", ["张伟明", "zhangweiming", "zwm", "伟明", "张伟民", NUMBER, PHONE])
def test_nobody_finds_beyond_their_scope(zhang, typed):
    for who in EVERY:
        assert who in ("paper-worker", "paper-community", "paper-street") or names(who, typed) == []


def test_who_sees_surnames_finds_by_no_whole_name(zhang):
    for typed in ("张伟明", "zhangweiming", "zwm", "伟明", "zhang", PHONE):
        assert names("paper-street", typed) == []


def test_who_sees_the_last_digits_finds_by_the_whole_number(zhang):
    assert names("paper-street", NUMBER) == names("paper-community", NUMBER) == ["张伟明"]


def test_who_sees_no_number_finds_by_none(zhang):
    assert names("paper-district", NUMBER) == []


def test_where_it_may_not_be_found_the_database_is_not_asked(zhang, django_assert_num_queries):
    access = User.objects.get(username="paper-street").access
    with django_assert_num_queries(0):
        refused = search_people("张伟明", access)
    assert (refused.kind, refused.keys, refused.allowed) == (Kind.NAME, (), False)


def test_it_finds_who_lives_at_an_address(zhang):
    building = Building.objects.filter(area=A).first()
    found = search_people("东园北区1号楼", User.objects.get(username="paper-worker").access)
    assert found.kind == Kind.ADDRESS
    living = Resident.objects.filter(residences__dwelling__building=building, residences__ends=None)
    assert set(found.keys) == set(living.values_list("pk", flat=True)) != set()


def test_who_may_not_know_the_doors_learns_nothing_of_them_by_the_order(zhang):
    """The list of a building changes for them when somebody else lives there, not when two exchange their doors."""
    text = "东园北区1号楼"

    def asked(who: str) -> tuple[int, ...]:
        return search_people(text, User.objects.get(username=who).access).keys

    street, worker = asked("paper-street"), asked("paper-worker")
    building = Building.objects.filter(area=A).first()
    first, *_, last = Residence.objects.filter(dwelling__building=building, ends=None).order_by("dwelling")
    doors = first.dwelling_id, last.dwelling_id
    assert doors[0] != doors[1]
    for stay, door in ((first, doors[1]), (last, doors[0])):
        Residence.objects.filter(pk=stay.pk).update(dwelling=door)
    assert asked("paper-street") == street
    assert asked("paper-worker") != worker


def test_a_door_narrows_only_where_doors_are_told():
    typed = "东园北区1号楼1单元101"
    whole = search_people("东园北区1号楼", User.objects.get(username="paper-street").access)
    at_door = search_people(typed, User.objects.get(username="paper-worker").access)
    from_above = search_people(typed, User.objects.get(username="paper-street").access)
    assert set(from_above.keys) == set(whole.keys)
    assert len(at_door.keys) <= len(whole.keys)


def test_every_search_is_answered_by_an_index(zhang):
    """What row-level security lets an index do: every condition of the search is an equality it may see."""
    access = User.objects.get(username="paper-worker").access
    with applied(access.which("people.count")), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for column in ("sounds", "skip1", "skip2", "skip3", "skip4", "initials"):
            cursor.execute(f"EXPLAIN SELECT id FROM grid_resident WHERE {column} = 'x' LIMIT 100")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert f"{column} = 'x'" in plan.split("Filter:")[0], plan
            assert "(area)::text >=" in plan.split("Filter:")[0], plan


@pytest.mark.parametrize(
    ("one", "other", "is_apart"),
    [("abc", "abd", True), ("abc", "ab", True), ("abc", "xabc", True), ("abc", "acb", True), ("abc", "abc", False),
     ("abc", "bcd", False), ("ab", "ba", True), ("abcd", "badc", False), ("", "a", True), ("a", "b", True)],
)  # fmt: skip
def test_it_tells_one_sign_apart(one, other, is_apart):
    assert one_apart(one, other) == one_apart(other, one) == is_apart


def test_closeness_orders_by_likeness():
    def near(typed: str, name: str) -> int | None:
        initials = "".join(initials_of("zwm"))
        return closeness(typed, sounds_of(typed), name, sounds_of(name), initials)

    levels = [near("张伟明", name) for name in ("张伟明", "小张伟明", "章维铭", "张伟国", "章伟国")]
    assert levels == [0, 1, 3, 4, 5]
    assert near("张伟明", "李国庆") is None
