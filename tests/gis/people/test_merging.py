"""Two records of one person made one, and parted again as if nothing had been."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from gis.accounts.scope import applied
from gis.errors import Conflict, OutOfScope, Refused
from gis.models import Dwelling, Fact, Field, LifeEvent, LifeEventWithdrawal, Merge, Need, Residence, Resident, Visit
from gis.people.doubles import likely_pairs
from gis.people.life.happening import Happening
from gis.people.life.recording import record_life
from gis.people.life.taking_back import take_back as take_event_back
from gis.people.merging import merge, take_back
from gis.people.sealing import blind_index, seal
from tests.cast import CELL, COMMUNITY, OTHER_STREET
from tests.gis.people.test_due import lodger, need, visit

pytestmark = pytest.mark.django_db
_TABLES = (
    "grid_resident",
    "grid_residence",
    "grid_need",
    "grid_visit",
    "grid_fact",
    "grid_correction",
    "grid_lifeevent",
    "grid_visitdue",
)


@pytest.fixture
def pair(db) -> tuple[Resident, Resident]:
    """One person twice, in two homes of a cell: the later record has a number, a phone and what was said."""
    first, second = Dwelling.objects.filter(area=CELL, residences=None).order_by("pk")[:2]
    one, other = lodger(first), lodger(second)
    Resident.objects.filter(pk__in=[one.pk, other.pk]).update(name="皇甫同名", born=dt.date(1950, 2, 3), sex="1")
    number, phone = "110113195002031239", "12900000777"
    Resident.objects.filter(pk=other.pk).update(
        identity_sealed=seal(number), identity_index=blind_index(number), identity_last4=number[-4:],
        phone_sealed=seal(phone), phone_index=blind_index(phone), phone_last4=phone[-4:],
    )  # fmt: skip
    need(one, "elder_alone", dt.date(2026, 1, 1))
    need(other, "elder_alone", dt.date(2026, 1, 1))
    need(other, "disability", dt.date(2026, 2, 1))
    visit(other, dt.date(2026, 5, 1))
    Fact.objects.create(
        field=Field.objects.get(code="education"), resident=other, value="本科", source="visit", said_on="2026-05-01"
    )
    one.refresh_from_db()
    other.refresh_from_db()
    return one, other


def everything() -> dict[str, list]:
    """All rows that tell of people, whatever area they lie in."""
    found = {}
    with connection.cursor() as cursor:
        for table in _TABLES:
            # when visits are due is worked out anew, under new keys
            less = "ARRAY['updated_at', 'id']" if table == "grid_visitdue" else "ARRAY['updated_at']"
            cursor.execute(f"SELECT to_jsonb(t) - {less} FROM {table} t ORDER BY 1")
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def happened(cast, person: Resident, kind: str, dwelling: Dwelling, **told) -> LifeEvent:
    return LifeEvent.objects.create(
        kind=kind, resident=person, name=person.name, on="2020-01-01", dwelling=dwelling, area=dwelling.area,
        by=cast.zhou, **told,
    )  # fmt: skip


def as_zhou(cast):
    return {"user": cast.zhou, "access": cast.zhou.access}


def merged(cast, pair) -> Merge:
    with applied(cast.zhou.access.which("people.count")):
        return merge(pair[0].pk, pair[1].pk, reason="同一个人登记了两次", **as_zhou(cast))


def test_what_tells_of_one_tells_of_the_kept_record(cast, pair):
    merged(cast, pair)
    one, other = (Resident.objects.get(pk=person.pk) for person in pair)
    assert one.identity_index == pair[1].identity_index
    assert one.phone_last4 == "0777"
    assert set(one.needs.values_list("tag", flat=True)) == {"elder_alone", "disability"}
    assert Visit.objects.get(resident=one).outcome == "met"
    assert Fact.objects.get(resident=one).value == "本科"
    assert one.residences.filter(ends=None).count() == 1
    assert one.residences.count() == 2
    assert not other.residences.exists()


def test_what_happened_to_one_in_another_cell_happened_to_the_kept_record(cast, pair):
    left = Dwelling.objects.filter(area__startswith=COMMUNITY).exclude(area=CELL).first()
    stay = Residence.objects.create(
        resident=pair[1], dwelling=left, starts="2015-01-01", ends="2020-01-01", area=left.area
    )
    moved = happened(cast, pair[1], LifeEvent.Kind.MOVED, left)
    before = everything()
    done = merged(cast, pair)
    assert list(pair[0].events.all()) == [moved]
    assert stay in pair[0].residences.all()
    with applied(cast.zhou.access.which("people.count")):
        take_back(done.uuid, **as_zhou(cast))
    assert everything() == before


def test_an_event_from_before_is_taken_back_after_the_merge(cast, pair):
    """Taking back that somebody came removes the record, and with it what the merge has put there."""
    for known in (Visit, Fact, Need):
        known.objects.filter(resident__in=pair).delete()
    entered = happened(cast, pair[0], LifeEvent.Kind.CAME, pair[0].residences.get().dwelling, changes=[["entered"]])
    done = merged(cast, pair)
    told = {"by": cast.zhou, "access": cast.zhou.access, "at": timezone.now()}
    with applied(cast.zhou.access.which("people.count")):
        with pytest.raises(Refused):
            take_event_back(entered.pk, **told)
        take_back(done.uuid, **as_zhou(cast))
        assert take_event_back(entered.pk, **told) == 1
    assert LifeEventWithdrawal.objects.filter(event=entered).exists()
    assert Resident.objects.filter(pk=pair[1].pk, area=CELL).exists()


@pytest.mark.parametrize("kind", ["died", "head"])
def test_an_event_recorded_since_is_taken_back_before_the_merge(cast, pair, kind):
    """Else it would have changed a stay of the one record and be told of the other, for ever."""
    Residence.objects.filter(resident=pair[0]).update(ends="2025-12-31")  # lives where the later record says
    lodger(pair[1].residences.get().dwelling)
    Residence.objects.filter(resident=pair[1]).update(relation="40")
    Visit.objects.filter(resident__in=pair).delete()
    before = stays_and_needs(pair)
    done = merged(cast, pair)
    told = Happening(kind=kind, resident=pair[0].pk, on=timezone.localdate())
    with applied(cast.zhou.access.which("people.count")):
        record_life(told, by=cast.zhou, access=cast.zhou.access, at=timezone.now(), number=uuid4())
        with pytest.raises(Refused):
            take_back(done.uuid, **as_zhou(cast))
        event = LifeEvent.objects.get(resident=pair[0], kind=kind)
        take_event_back(event.pk, by=cast.zhou, access=cast.zhou.access, at=timezone.now())
        take_back(done.uuid, **as_zhou(cast))
    assert stays_and_needs(pair) == before


def stays_and_needs(pair) -> list[tuple]:
    stays = Residence.objects.filter(resident__in=pair).values_list("pk", "resident", "relation", "ends")
    needs = Need.objects.filter(resident__in=pair).values_list("pk", "resident", "area", "ends")
    return [*stays.order_by("pk"), *needs.order_by("pk")]


def test_an_event_that_changed_nothing_of_what_goes_back_stays(cast, pair):
    done = merged(cast, pair)
    told = Happening(kind="type", resident=pair[0].pk, on=timezone.localdate(), population="floating")
    with applied(cast.zhou.access.which("people.count")):
        record_life(told, by=cast.zhou, access=cast.zhou.access, at=timezone.now(), number=uuid4())
        take_back(done.uuid, **as_zhou(cast))
    assert Resident.objects.get(pk=pair[0].pk).population == "floating"


def test_needs_come_to_the_cell_of_the_kept_record_and_go_back(cast, pair):
    """Else who works there does not see them, and they count where nobody has them."""
    other = Dwelling.objects.filter(area__startswith=COMMUNITY).exclude(area=CELL).first()
    Resident.objects.filter(pk=pair[1].pk).update(area=other.area)
    Need.objects.filter(resident=pair[1]).update(area=other.area)
    before = everything()
    done = merged(cast, pair)
    assert set(pair[0].needs.values_list("area", flat=True)) == {CELL}
    with applied(cast.zhou.access.which("people.count")):
        take_back(done.uuid, **as_zhou(cast))
    assert everything() == before


def test_the_other_record_is_seen_by_nobody(cast, pair):
    merged(cast, pair)
    for who in ("li", "sun", "zhou", "wang", "admin"):
        with applied(cast[who].access.which("people.count")):
            assert not Resident.objects.filter(pk=pair[1].pk).exists()


def test_parting_them_again_loses_nothing(cast, pair):
    before = everything()
    done = merged(cast, pair)
    assert everything() != before
    with applied(cast.zhou.access.which("people.count")):
        take_back(done.uuid, **as_zhou(cast))
    assert everything() == before
    done.refresh_from_db()
    assert done.undone_by == cast.zhou


def test_what_came_since_stays_with_the_kept_record(cast, pair):
    done = merged(cast, pair)
    since = Need.objects.create(resident=pair[0], tag="subsistence", starts=dt.date(2026, 7, 1), area=CELL)
    Resident.objects.filter(pk=pair[0].pk).update(
        phone_last4="9999", phone_index=blind_index("12900009999"), phone_sealed=seal("12900009999")
    )
    with applied(cast.zhou.access.which("people.count")):
        take_back(done.uuid, **as_zhou(cast))
    since.refresh_from_db()
    assert since.resident_id == pair[0].pk
    assert Resident.objects.get(pk=pair[0].pk).phone_last4 == "9999"
    assert Resident.objects.get(pk=pair[0].pk).identity_index is None


def test_two_numbers_are_two_people(cast, pair):
    number = "110113195002031255"
    Resident.objects.filter(pk=pair[0].pk).update(identity_sealed=seal(number), identity_index=blind_index(number))
    with pytest.raises(Refused):
        merged(cast, pair)
    assert not Merge.objects.exists()


def test_a_stay_out_of_sight_that_is_in_the_way_refuses_the_merge(cast, pair):
    """Both are registered (户籍), the kept one on another office's ground: one of the two stays would have to end."""
    there = Dwelling.objects.filter(area__startswith=OTHER_STREET).order_by("pk").first()
    home = pair[1].residences.get().dwelling
    for person, door in zip(pair, (there, home), strict=True):
        Residence.objects.create(resident=person, dwelling=door, kind="registered", starts="2020-01-01", area=door.area)
    before = everything()
    with pytest.raises(Refused), transaction.atomic():
        merged(cast, pair)
    assert everything() == before


def test_it_is_taken_back_once(cast, pair):
    done = merged(cast, pair)
    with applied(cast.zhou.access.which("people.count")):
        take_back(done.uuid, **as_zhou(cast))
        with pytest.raises(Conflict):
            take_back(done.uuid, **as_zhou(cast))


@pytest.mark.parametrize("who", ["li", "zhao", "sun", "chen", "he", "admin"])
def test_only_who_writes_people_there_merges_and_parts(cast, pair, who):
    with pytest.raises(OutOfScope):
        merge(pair[0].pk, pair[1].pk, user=cast[who], access=cast[who].access, reason="试")
    done = merged(cast, pair)
    with pytest.raises(OutOfScope):
        take_back(done.uuid, user=cast[who], access=cast[who].access)


def test_a_record_elsewhere_is_not_there(cast, pair):
    Resident.objects.filter(pk=pair[1].pk).update(area="110113009001001")
    with pytest.raises(OutOfScope):
        merged(cast, pair)


def test_likely_doubles_are_found_within_the_scope(cast, pair):
    scope = cast.zhou.access.which("people.write")
    with applied(scope):
        assert (pair[0].pk, pair[1].pk) in likely_pairs(scope)
    Resident.objects.filter(pk=pair[1].pk).update(area="110113009001001")
    with applied(scope):
        assert (pair[0].pk, pair[1].pk) not in likely_pairs(scope)


def test_the_page_merges_and_parts(client_of, pair):
    zhou = client_of("zhou")
    page = zhou.get("/residents/doubles/").content.decode()
    assert "皇甫同名" in page
    told = {"act": "merge", "kept": pair[0].pk, "gone": pair[1].pk, "reason": "同一个人"}
    assert zhou.post("/residents/doubles/", told | {"reason": ""}).status_code == 422
    assert zhou.post("/residents/doubles/", told).status_code == 302
    done = Merge.objects.get()
    assert "撤销合并" in zhou.get("/residents/doubles/").content.decode()
    assert zhou.post("/residents/doubles/", {"act": "part", "merge": str(done.uuid)}).status_code == 302
    assert Resident.objects.get(pk=pair[1].pk).area == CELL
    assert Residence.objects.filter(resident=pair[1], ends=None).count() == 1
    assert client_of("he").get("/residents/doubles/").status_code == 403


@pytest.mark.parametrize("number", ["", "x", "\x00", "9" * 5000])
def test_what_names_no_merge_reads_as_one_that_is_not_there(client_of, db, number):
    zhou = client_of("zhou")
    none = zhou.post("/residents/doubles/", {"act": "part", "merge": "00000000-0000-4000-8000-000000000000"})
    answer = zhou.post("/residents/doubles/", {"act": "part", "merge": number})
    assert (answer.status_code, str(answer.context["trouble"])) == (none.status_code, str(none.context["trouble"]))


def test_two_records_that_one_call_met_are_merged_and_parted(cast, pair):
    """Both live behind one door in the papers: one call at it wrote a visit for either."""
    call = uuid4()
    for person in pair:
        Visit.objects.filter(pk=visit(person, dt.date(2026, 5, 2)).pk).update(call=call)
    before = everything()
    done = merged(cast, pair)
    assert Visit.objects.filter(resident=pair[0], call=call).count() == 1
    with applied(cast.zhou.access.which("people.count")):
        take_back(done.uuid, **as_zhou(cast))
    assert everything() == before
