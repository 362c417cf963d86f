"""Everything sealed gets another key while people work: nothing is lost, nobody doubled, everybody found."""

import os
import re
import signal
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from gis.accounts.scope import Scope
from gis.columns import BlindIndexField, SealedField, SealedFileField
from gis.incidents.residents.following import digits_of, pass_for
from gis.management.rotating import left, let_seal, make_known, reseal_all, state
from gis.models import (
    Fact,
    Field,
    Follow,
    HotlineFile,
    HotlineRow,
    Incident,
    Reading,
    Report,
    Reporter,
    Resident,
    Step,
    User,
)
from gis.people.keyring import Key, keyring
from gis.people.reading import Act, note_reading
from gis.people.rotating import tables
from gis.people.sealing import (
    SealBroken,
    _derived,
    _sealed,
    blind_index,
    index_before,
    index_by,
    open_seal,
    seal,
    sealed_by,
)
from gis.people.searching import search_people
from tests.cast import COMMUNITY, read_cast
from tests.databases import address_of
from web.start.processes import wait_until

NUMBER = "99010119900101777X"
#: Columns of bytes that hold nothing of a person. A shared row's digest is by the server's secret, not by these keys:
#: it says that what was told of a row is another, and a feed of which it no longer holds tells the row once more.
PLAIN = {
    "PlanStep.change", "PlanSnapshot.drawing", "PlanProposal.change", "PlanProposal.basis", "Pair.members",
    "SharedRow.digest",
}  # fmt: skip
#: A report holds counts and no people.
PLAIN_FILES = {"Report.file"}
#: Hashes that end by themselves within a day, or that nothing sealed stands behind (`rotate_keys` says what of them).
BARE = {"Allowance.who", "Reading.asked", "Gone.print", "Gone.code_print", "Sheet.digest", "SheetRow.who"}


@pytest.fixture
def keys(settings, tmp_path) -> Path:
    """A file of keys of this test's own, holding the key the town was sealed with."""
    given = settings.PEOPLE_KEY
    path = tmp_path / "keys" / "people_key"
    path.parent.mkdir()
    path.write_text(given.read_text() if isinstance(given, Path) else given)
    settings.PEOPLE_KEY, settings.MEDIA_ROOT = path, str(tmp_path / "media")
    return path


def every(kind) -> set[str]:
    return {
        f"{model.__name__}.{one.name}"
        for model in apps.get_app_config("grid").get_models()
        for one in model._meta.local_fields
        if isinstance(one, kind)
    }


def test_no_column_of_bytes_and_no_file_is_forgotten():
    sealed, hashes = every(SealedField), every(BlindIndexField)
    assert every(models.BinaryField) == sealed | hashes | PLAIN
    assert every(models.FileField) == every(SealedFileField) | PLAIN_FILES
    named = {
        f"{table.model.__name__}.{name}" for table in tables() for one in table.sealed
        for name in (one.index, one.before) if name
    }  # fmt: skip
    assert named | BARE == hashes


def test_nobody_looks_up_by_one_key_alone_or_writes_a_number_without_the_key_before():
    """While keys are changed a row is by either: `blind_indexes`, `is_of`, `are_alike`; and `identity_before`."""
    for path in [*Path("gis").rglob("*.py"), *Path("web").rglob("*.py"), *Path("layers").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"_index\s*=\s*blind_index\(|==\s*blind_index\(|blind_index\([^)]*\)\s*==", text), path
        writes = re.search(r"[\"']identity_index[\"']:|identity_index=(?!models|Blind)", text)
        assert not writes or "identity_before" in text, path


def found(text: str, who: str = "zhou") -> tuple[int, ...]:
    return search_people(text, User.objects.get(username=who).access).keys


def test_everything_is_sealed_anew_and_the_old_key_can_go(own_town, keys):
    told = sealed_things()
    person = Resident.objects.filter(area__startswith=COMMUNITY).exclude(phone_sealed=None).earliest("pk")
    number, phone = open_seal(person.identity_sealed), open_seal(person.phone_sealed)
    everybody = {one.pk: open_seal(one.identity_sealed) for one in Resident.objects.exclude(identity_sealed=None)}
    call_command("rotate_keys", settle=0)
    assert left(2) == []
    assert found(number) == found(phone) == (person.pk,)
    call_command("rotate_keys", remove=True, settle=0)
    assert [key.number for key in keyring().keys] == [2]
    assert not Resident.objects.exclude(identity_before=None).exists()
    rows = Resident.objects.exclude(identity_sealed=None).values_list("pk", "identity_sealed", "identity_index")
    assert {pk: open_seal(sealed) for pk, sealed, _index in rows} == everybody
    assert all(bytes(index) == blind_index(everybody[pk]) for pk, _sealed, index in rows)
    assert found(number) == found(phone) == (person.pk,)
    told()


def sealed_things() -> Callable[[], None]:
    """One of every other thing that is sealed; what is returned holds them against what they were."""
    cast = read_cast()
    field = Field.objects.filter(subject="person").earliest("pk")
    person = Resident.objects.earliest("pk")
    fact = Fact.objects.create(
        field=field, resident=person, value_sealed=seal("6222 0001"), value_index=blind_index("6222 0001"),
        source="visit", said_on="2026-01-01",
    )  # fmt: skip
    file = HotlineFile(owner=cast.li, area=COMMUNITY, name="x.csv", shown=seal("[]"))
    file.content.save("x.sealed", ContentFile(seal("a;b")), save=False)
    file.save()
    old = file.content.path
    row = HotlineRow.objects.create(
        file=file, row=1, area=COMMUNITY, source="s", number="1", verdict="new", sealed=seal("{}")
    )
    step = Step.objects.filter(act="report").earliest("pk")
    incident = Incident.objects.get(pk=step.incident_id)
    Reporter.objects.create(step=step, incident=incident, phone_sealed=seal("13800131234"), phone_last4="1234")
    follow = Follow.objects.create(
        step=step, incident=incident, token="t", content="c", digits=digits_of(incident.number, "1234")
    )
    orphan = Follow.objects.create(
        step=Step.objects.exclude(pk=step.pk).filter(follow=None).earliest("pk"), incident=incident, token="u",
        content="c", digits=digits_of(incident.number, "9999"),
    )  # fmt: skip
    report = Report.objects.create(
        owner=cast.li, kind="html", title="x", view={"incidents": {"text": b64encode(seal("张")).decode()}}, areas="",
        language="en",
    )  # fmt: skip
    note_reading(Act.SEARCH, cast.zhou, cast.zhou.access, [], kind="identity", asked=NUMBER)
    note_reading(Act.SEARCH, cast.zhou, cast.zhou.access, [], kind="identity", asked=NUMBER)

    def hold() -> None:
        for one in (fact, file, row, follow, report, orphan):
            one.refresh_from_db()
        assert open_seal(fact.value_sealed) == "6222 0001"
        assert bytes(fact.value_index) == blind_index("6222 0001")
        assert (open_seal(file.shown), open_seal(row.sealed)) == ("[]", "{}")
        assert file.content.path != old
        assert not Path(old).exists()
        assert open_seal(file.content.read()) == "a;b"
        assert open_seal(b64decode(report.view["incidents"]["text"])) == "张"
        assert sealed_by(Reporter.objects.get(step=step).phone_sealed) == 2
        assert pass_for(incident.number, "1234", who=b"x", at=timezone.now())
        assert orphan.digits == ""
        asked = {bytes(one) for one in Reading.objects.exclude(asked=None).values_list("asked", flat=True)}
        assert len(asked) == 1
        assert asked.pop()[:1] == b"\0"

    return hold


def start(database: str, keys: Path, *arguments: str) -> subprocess.Popen:
    environment = os.environ | {"DATABASE_URL": address_of(database), "WANGGE_DATA": str(keys.parent.parent)}
    environment.pop("PEOPLE_KEY", None)
    command = [sys.executable, "-m", "django", "rotate_keys", "--settle", "0", *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=os.getcwd()
    )


def test_killed_in_the_middle_it_goes_on_and_people_are_found_and_stay_one(own_town, keys):
    people = list(Resident.objects.exclude(identity_sealed=None).filter(area__startswith=COMMUNITY).order_by("pk"))
    held, other = people[len(people) // 2], people[0]
    numbers = {one.pk: open_seal(one.identity_sealed) for one in (held, other, people[-1])}
    process = start(own_town, keys)
    with transaction.atomic():
        Resident.objects.select_for_update().get(pk=held.pk)  # the rest is done, this one is waited for
        assert wait_until(lambda: is_waiting(own_town) or process.poll() is not None, 120)
        assert process.poll() is None, process.communicate()[0]
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert [key.number for key in keyring().keys] == [2, 1]
    assert numbers_by_key() == {1, 2}
    for pk, number in numbers.items():
        assert found(number) == (pk,)
        nobody_else_is_written_down_as(number)
    said, _ = start(own_town, keys).communicate(timeout=300)
    assert "Nothing is sealed by the old key" in said
    assert numbers_by_key() == {2}
    for pk, number in numbers.items():
        assert found(number) == (pk,)
        nobody_else_is_written_down_as(number)


def is_waiting(database: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction it would stay as it was
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'", [database]
        )
        return cursor.fetchone()[0] > 0


def numbers_by_key() -> set[int]:
    return {
        sealed_by(one)
        for one in Resident.objects.exclude(identity_sealed=None).values_list("identity_sealed", flat=True)
    }


def nobody_else_is_written_down_as(number: str) -> None:
    """Neither by who knows both keys nor by a process that began with the old one alone."""
    ring = keyring()
    ways = [{"identity_index": blind_index(number), "identity_before": index_before(number)}]
    if ring.before:
        ways.append({"identity_index": index_before(number)})
    for way in ways:
        with pytest.raises(IntegrityError, match="resident_once"), transaction.atomic():
            Resident.objects.create(name="又", area=COMMUNITY, **way)


def test_who_writes_meanwhile_loses_nothing(own_town, keys):
    """A writer between two batches: the last word is theirs, sealed by whichever key they knew."""
    one, two = Resident.objects.exclude(phone_sealed=None).order_by("pk")[:2]
    let_seal(make_known(keyring()))
    for person in (one, two):
        person.phone_sealed, person.phone_index = seal("13800130001"), blind_index("13800130001")
    one.save(update_fields=["phone_sealed", "phone_index"])
    reseal_all(print)
    stale = keyring().before
    Resident.objects.filter(pk=two.pk).update(
        phone_sealed=by(stale, "13800130002"), phone_index=index_by(stale, "13800130002")
    )
    assert left(2) == ["grid_resident 1"]
    with pytest.raises(CommandError, match="still seals: grid_resident 1"):
        call_command("rotate_keys", remove=True, settle=0)
    reseal_all(print)
    call_command("rotate_keys", remove=True, settle=0)
    one.refresh_from_db()
    two.refresh_from_db()
    assert [open_seal(one.phone_sealed), open_seal(two.phone_sealed)] == ["13800130001", "13800130002"]
    assert bytes(two.phone_index) == blind_index("13800130002")


def by(key: Key, text: str) -> bytes:
    return _sealed(text, AESGCM(_derived(key.secret, "seal")), key)


def test_what_no_key_opens_is_named_and_keeps_the_old_key_in_place(own_town, keys, capsys):
    broken = Resident.objects.exclude(identity_sealed=None).earliest("pk")
    Resident.objects.filter(pk=broken.pk).update(identity_sealed=b"\x01" + b"x" * 40)
    with pytest.raises(CommandError, match="grid_resident 1"):
        call_command("rotate_keys", settle=0)
    assert f"ids {broken.pk}" in capsys.readouterr().out
    with pytest.raises(CommandError, match="still seals"):
        call_command("rotate_keys", remove=True, settle=0)
    with pytest.raises(CommandError, match="another key"):
        call_command("rotate_keys", check=True)
    assert any("grid_resident 1" in line for line in state())


def test_a_key_of_the_environment_is_left_to_who_set_it(db, settings):
    settings.PEOPLE_KEY = "k" * 40
    with pytest.raises(CommandError, match="comes from the environment"):
        call_command("rotate_keys", settle=0)


def test_a_number_is_found_in_scope_by_either_key_and_nowhere_else(own_town, keys):
    let_seal(make_known(keyring()))
    person = Resident.objects.exclude(identity_sealed=None).filter(area__startswith=COMMUNITY).earliest("pk")
    number = open_seal(person.identity_sealed)
    assert found(number) == (person.pk,)
    assert found(number, "chen") == ()
    assert Scope.of([COMMUNITY]).covers(person.area)
    with pytest.raises(SealBroken):
        open_seal(b"\x03" + bytes(person.identity_sealed)[1:])
