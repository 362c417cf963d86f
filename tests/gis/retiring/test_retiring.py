"""What is over is really deleted, what is held or still of use is not, and figures of the past stay as they were."""

import subprocess
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.incidents import photo_store
from gis.models import (
    Attachment,
    Correction,
    Dwelling,
    Fact,
    Field,
    Gone,
    Hold,
    Incident,
    LifeEvent,
    Need,
    Reading,
    Residence,
    Resident,
    Retired,
    Step,
    Submission,
    Visit,
)
from gis.people.gone import people_on, print_of
from gis.people.reading import Act, note_reading
from gis.people.sealing import blind_index, seal
from gis.retiring.persons import DELETED, UNLINKED, gone_before, pointing_at
from gis.retiring.running import over, retire
from gis.retiring.terms import before, classes, months
from tests.cast import COMMUNITY, read_cast
from tests.databases import address_of
from tests.gis.incidents.reported import report
from web.start.postgres import find_postgres

TODAY = date(2036, 6, 30)
NAME, NUMBER, PHONE = "欧阳不在此", "99010119550505777X", "13800139999"


def somebody(left: date | None, name: str = NAME, number: str = NUMBER) -> Resident:
    door = Dwelling.objects.filter(area__startswith=COMMUNITY).earliest("pk")
    one = Resident.objects.create(
        name=name, area=door.area, born=date(1955, 5, 5), identity_sealed=seal(number),
        identity_index=blind_index(number), identity_last4=number[-4:], phone_sealed=seal(PHONE),
        phone_index=blind_index(PHONE), phone_last4=PHONE[-4:], source="旧册", source_code=f"k{number}",
    )  # fmt: skip
    Residence.objects.create(resident=one, dwelling=door, starts=date(2010, 3, 9), ends=left, area=door.area)
    return one


def with_everything(one: Resident) -> list[str]:
    """Something of each kind is known of a person; the texts by which a dump would betray it."""
    cast, stay = read_cast(), one.residences.get()
    field = Field.objects.filter(subject="person", sealed=True).earliest("pk")
    told = {"field": field, "resident": one, "said_on": date(2021, 1, 1), "source": "visit"}
    fact = Fact.objects.create(**told, value_sealed=seal("紧急联系人某"), value_index=blind_index("紧急联系人某"))
    plain = Field.objects.filter(subject="person", sealed=False, kept="").earliest("pk")
    Fact.objects.create(**told | {"field": plain}, value="某某值不在此")
    Correction.objects.create(**told | {"field": plain}, value="另一值不在此", held=fact)
    Need.objects.create(resident=one, tag="elder_alone", starts=date(2020, 4, 1), ends=date(2030, 1, 1), area=one.area)
    Visit.objects.create(
        resident=one, at=datetime(2021, 5, 5, tzinfo=UTC), day=date(2021, 5, 5), by=cast.wang,
        outcome="met", note="备注不在此", gave=["phone"], area=one.area,
    )  # fmt: skip
    LifeEvent.objects.create(
        resident=one, kind="died", name=NAME, on=date(2030, 1, 1), note="变动不在此", area=one.area, by=cast.wang,
        dwelling=stay.dwelling, changes=[["set", "name", "曾用名不在此"]],
    )  # fmt: skip
    note_reading(Act.RECORD, cast.zhou, cast.zhou.access, [(one.pk, one.area)], fields=["name"])
    hexes = [
        bytes(value).hex()
        for value in (
            one.identity_sealed,
            one.identity_index,
            one.phone_sealed,
            one.phone_index,
            fact.value_sealed,
            fact.value_index,
        )
    ]
    return ["不在此", NUMBER, PHONE, *hexes]


def test_every_table_that_points_at_a_person_is_deleted_or_unlinked():
    """A new one needs a decision: is it deleted with the person, or does it stay and say nothing of them?"""
    assert {one.related_model.__name__ for one in pointing_at(Resident)} == DELETED | UNLINKED


def test_who_has_been_gone_for_long_is_deleted_and_a_dump_holds_nothing_of_them(own_town):
    one = somebody(date(2030, 1, 1))
    traces, key, area = with_everything(one), one.pk, one.area
    door, scope, visits = one.residences.get().dwelling_id, Scope.of([COMMUNITY]), Visit.objects.count()
    figures = [people_on(scope, day) for day in (date(2009, 1, 1), date(2021, 7, 7), date(2029, 12, 31))]
    told = dump(own_town)
    assert all(trace in told for trace in traces if trace not in (NUMBER, PHONE))
    retire(TODAY)
    told = dump(own_town)
    assert [trace for trace in traces if trace in told] == []
    gone = Gone.objects.get(key=key)
    assert (gone.area, gone.gone_on, gone.retired_on) == (COMMUNITY, date(2030, 1, 1), TODAY)
    assert bytes(gone.print) == blind_index(print_of(NUMBER))
    assert bytes(gone.print) != blind_index(NUMBER)
    assert [people_on(scope, day) for day in (date(2009, 1, 1), date(2021, 7, 7), date(2029, 12, 31))] == figures
    assert Visit.objects.count() == visits
    unlinked = Visit.objects.get(day=date(2021, 5, 5))
    assert (unlinked.resident, unlinked.dwelling_id, unlinked.note, unlinked.gave) == (None, door, "", [])
    event = LifeEvent.objects.get(resident=key)
    assert (event.kind, event.area, event.name, event.changes) == ("died", area, "", [])
    assert Retired.objects.get(what="person").records >= 1


def dump(name: str) -> str:
    program = find_postgres()[0].programs / "pg_dump"
    done = subprocess.run([program, "--dbname", address_of(name)], check=True, capture_output=True)
    return done.stdout.decode("utf-8", "replace")


def test_who_lives_somewhere_or_left_lately_or_is_held_stays(db):
    here, lately = somebody(None), somebody(before(TODAY, 36), number="990101195505057771")
    held = somebody(date(2030, 1, 1), number="990101195505057772")
    Hold.objects.create(resident=held, reason="法院 (2036) 1 号")
    registered = somebody(date(2030, 1, 1), number="990101195505057773")
    stay = registered.residences.get()
    Residence.objects.create(
        resident=registered, dwelling=stay.dwelling, kind="registered", starts=stay.starts, area=stay.area
    )
    kept = {here.pk, lately.pk, held.pk, registered.pk}
    retire(TODAY, only="person")
    assert set(Resident.objects.filter(pk__in=kept).values_list("pk", flat=True)) == kept
    Hold.objects.update(ended_at=timezone.now())
    retire(TODAY, only="person")
    assert set(Resident.objects.filter(pk__in=kept).values_list("pk", flat=True)) == kept - {held.pk}


def test_counting_changes_nothing_and_says_what_would(db, capsys):
    one = somebody(timezone.localdate() - timedelta(days=365 * 9))
    assert (
        next(o for o in over(timezone.localdate()) if o.name == "person").records
        == gone_before(before(timezone.localdate(), 36)).count()
        >= 1
    )
    call_command("retire")
    said = capsys.readouterr().out
    assert "person: the end of the last stay" in said
    assert "Nothing was deleted" in said
    assert NAME not in said
    assert Resident.objects.filter(pk=one.pk).exists()
    call_command("retire", yes=True, only="person")
    assert not Resident.objects.filter(pk=one.pk).exists()


def test_it_goes_on_where_it_was_stopped(db, monkeypatch):
    for number in range(5):
        somebody(date(2030, 1, 1), number=f"99010119550505666{number}")
    monkeypatch.setattr("gis.retiring.running.BATCH", 2)

    def stop(name: str, count: int) -> None:
        raise KeyboardInterrupt

    count = gone_before(before(TODAY, 36)).count()
    with pytest.raises(KeyboardInterrupt):
        retire(TODAY, stop, only="person")
    assert gone_before(before(TODAY, 36)).count() == count - 2
    assert retire(TODAY, only="person")[0].records == count - 2


def test_a_fact_ends_with_the_term_of_its_field(db):
    one = somebody(None)
    field = Field.objects.filter(subject="person").exclude(retention_months=None).earliest("pk")
    last = before(TODAY, field.retention_months)
    told = {"field": field, "resident": one, "source": "visit", "value": "x"}
    ends, stays = (
        Fact.objects.create(**told, said_on=last - timedelta(days=1)),
        Fact.objects.create(**told, said_on=last),
    )
    asked = Correction.objects.create(**told, said_on=last, held=ends)
    retire(TODAY, only="fact")
    assert list(Fact.objects.filter(pk__in=[ends.pk, stays.pk])) == [stays]
    asked.refresh_from_db()
    assert asked.held is None


def test_photos_of_cases_that_ended_go_with_their_files(db, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = str(tmp_path)
    step = Step.objects.filter(act="report", incident__state="closed").earliest("pk")
    kept = Step.objects.filter(act="report", incident__state="closed").exclude(incident=step.incident).earliest("pk")
    case = report(COMMUNITY)  # on some days the town has none that is open
    open_case = Step.objects.create(incident=case, at=case.reported_at, after=case.state, act="report")
    photos = [photo_of(one, name) for one, name in ((step, "a" * 40), (kept, "b" * 40), (open_case, "c" * 40))]
    Hold.objects.create(incident=kept.incident, reason="纪检 3 号")
    with django_capture_on_commit_callbacks(execute=True):
        retire(TODAY, only="photo")
    assert set(Attachment.objects.filter(pk__in=[one.pk for one in photos])) == set(photos[1:])
    with pytest.raises(FileNotFoundError):
        photos[0].read("full")
    assert photos[1].read("full") == photos[2].read("full") == b"jpeg"
    assert Incident.objects.filter(pk=step.incident_id).exists()


def photo_of(step: Step, name: str) -> Attachment:
    for size in ("full", "small"):
        path = photo_store._path(name, size)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"jpeg")
    return Attachment.objects.create(
        incident=step.incident, step=step, position=9, name=name, width=1, height=1, size=4
    )


def test_the_log_of_readings_has_a_term_of_its_own_and_nobody_else_may_shorten_it(db):
    cast = read_cast()
    note_reading(Act.RECORD, cast.zhou, cast.zhou.access, [(1, COMMUNITY)], fields=["name"])
    retire(timezone.localdate() + timedelta(days=30), only="reading")
    assert Reading.objects.exists()
    retire(TODAY, only="reading")
    assert not Reading.objects.exists()


def test_what_else_is_over_goes(db):
    cast = read_cast()
    Submission.objects.create(
        uuid="1" * 8 + "-0000-4000-8000-000000000000", kind="x", digest="d", by=cast.wang, at=timezone.now()
    )
    one = somebody(None)
    Visit.objects.create(
        resident=one,
        at=timezone.now(),
        day=timezone.localdate(),
        by=cast.wang,
        outcome="met",
        note="备注",
        area=one.area,
    )
    Need.objects.create(resident=one, tag="elder_alone", starts=date(2020, 1, 1), ends=date(2021, 1, 1), area=one.area)
    retire(TODAY)
    assert not Submission.objects.exists()
    assert not Visit.objects.exclude(note="").exists()
    assert not Need.objects.filter(resident=one).exists()
    assert {o.name for o in over(TODAY)} == set(classes())
    assert sum(o.records for o in over(TODAY)) == 0


def test_a_hold_is_set_and_ended_by_command(db, capsys):
    one = somebody(date(2030, 1, 1))
    call_command("retire", hold=f"resident:{one.pk}", reason="法院 (2036) 1 号")
    hold = Hold.objects.get()
    assert hold.resident == one
    call_command("retire")
    assert f"hold {hold.pk}: resident:{one.pk}" in capsys.readouterr().out
    call_command("retire", release=hold.pk)
    assert not Hold.objects.standing().exists()
    for wrong in (
        {"hold": "resident:0", "reason": "xx"},
        {"hold": f"resident:{one.pk}"},
        {"hold": "x"},
        {"release": 99},
    ):
        with pytest.raises(CommandError):
            call_command("retire", **wrong)


@pytest.mark.parametrize(
    ("day", "count", "earlier"),
    [((2026, 3, 31), 1, (2026, 2, 28)), ((2024, 2, 29), 12, (2023, 2, 28)), ((2026, 1, 5), 1, (2025, 12, 5)),
     ((2026, 12, 31), 13, (2025, 11, 30)), ((2026, 6, 30), 36, (2023, 6, 30))],
)  # fmt: skip
def test_a_month_earlier_is_the_same_day_or_the_last(day, count, earlier):
    assert before(date(*day), count) == date(*earlier)


def test_a_setting_changes_a_term_and_nonsense_is_refused(settings):
    settings.RETENTION_MONTHS = ["person=60"]
    assert (months("person"), months("photo"), months("fact")) == (60, 36, None)
    for wrong in ("persons=60", "person=0", "person=x", "fact=12", "person"):
        settings.RETENTION_MONTHS = [wrong]
        with pytest.raises(Exception, match="RETENTION_MONTHS"):
            months("person")
