"""A backup and its restore, on a copy of the town: it …"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pyrage import x25519

from gis.accounts.scope import Scope, applied
from gis.accounts.sign_on_keys import signing_key
from gis.errors import BadFile, WanggeError
from gis.models import Area, Resident, Step
from tests.databases import address_of
from tests.serving import ROOT
from web.operation.backup import restoring, rights
from web.operation.backup.making import make_backup
from web.operation.backup.reading import Opening
from web.operation.backup.record import last_backup
from web.operation.backup.sealing import new_lock, read_identity, write_identity
from web.operation.backup.server import connect
from web.start import owner
from web.start.cluster import Cluster, addresses, ensure_running, stop

SECRET = "correct horse battery"


def quiet(_text: str) -> None:
    """Progress that nobody reads."""


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    """A data folder with two files of media."""
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media" / "photos" / "ab").mkdir(parents=True)
    (tmp_path / "media" / "photos" / "ab" / "one.full.jpg").write_bytes(b"a photo" * 5000)
    (tmp_path / "media" / "photos" / "ab" / "half.new").write_bytes(b"being written")
    (tmp_path / "pass").write_text(SECRET + "\n")
    return tmp_path


@pytest.fixture
def identity() -> x25519.Identity:
    return x25519.Identity.generate()


@pytest.fixture
def made(own_town: str, folder: Path, identity: x25519.Identity) -> Path:
    path = folder / "town.age"
    make_backup(path, new_lock((str(identity.to_public()),)), quiet)
    return path


@pytest.fixture
def kept_databases(own_town: str) -> Iterator[None]:
    yield
    restoring.drop_old()


def beside() -> set[str]:
    """Databases that a restore made and left."""
    with connect("postgres") as outside:
        name = connection.settings_dict["NAME"]
        found = outside.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name + "_"])
        return {one for (one,) in found.fetchall()}


def test_it_restores_every_row_file_right_and_wall(made: Path, folder: Path, identity, kept_databases: None) -> None:
    people, photo = Resident.objects.count(), folder / "media" / "photos" / "ab" / "one.full.jpg"
    street = Area.objects.filter(level="street").order_by("code").first().code
    Area.objects.filter(code=street).update(name="另一条街")
    photo.unlink()
    call_command("restore", str(made), identity=_file(folder, identity))
    assert Area.objects.get(code=street).name != "另一条街"
    assert photo.read_bytes() == b"a photo" * 5000
    assert not (photo.parent / "half.new.before").exists()
    assert len(beside()) == 1
    with applied(Scope.of([])):
        assert Resident.objects.count() == 0
    with applied(Scope.of([street])):
        assert 0 < Resident.objects.count() < people
    with pytest.raises(Exception, match="permission denied"), applied(Scope.of([street])):
        Step.objects.update(note="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('grid_area', 'id')) > max(id) FROM grid_area")
        assert cursor.fetchone() == (True,)
    call_command("restore", drop_old=True)
    assert beside() == set()


def _file(folder: Path, identity: x25519.Identity) -> Path:
    path = folder / "identity"
    path.write_text(f"# of a test\n{identity}\n")
    return path


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda whole: whole[: len(whole) // 2],
    "one byte short": lambda whole: whole[:-1],
    "no end": lambda whole: whole[:-70_000],
    "a flipped byte at the beginning": lambda whole: _flipped(whole, 30),
    "a flipped byte in the middle": lambda whole: _flipped(whole, len(whole) // 2),
    "a flipped byte at the end": lambda whole: _flipped(whole, len(whole) - 5),
    "more than there was": lambda whole: whole + b"x",
    "empty": lambda whole: b"",
    "something else": lambda whole: b"PGDMP" + whole[5:],
}


def _flipped(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def test_it_refuses_what_is_damaged_and_changes_nothing(made: Path, folder: Path, identity) -> None:
    whole = made.read_bytes()
    for name, damage in DAMAGES.items():
        made.write_bytes(damage(whole))
        (folder / "media" / "photos" / "ab" / "one.full.jpg").write_bytes(name.encode())
        with pytest.raises(BadFile):
            restoring.restore(Opening(made, identity=identity), quiet)
        assert beside() == set(), name
        assert (folder / "media" / "photos" / "ab" / "one.full.jpg").read_bytes() == name.encode()
        assert not (folder / "media.restoring").exists()


def test_it_refuses_another_key(made: Path, folder: Path) -> None:
    with pytest.raises(BadFile, match="key does not open"):
        restoring.check_backup(Opening(made, identity=x25519.Identity.generate()), quiet)
    with pytest.raises(BadFile, match="recipient's key"):
        restoring.check_backup(Opening(made, passphrase=SECRET), quiet)


def test_it_needs_the_key_of_people(made: Path, identity, settings) -> None:
    settings.PEOPLE_KEY = "another key of people, of 32 signs"
    with pytest.raises(WanggeError, match=r"needs the PEOPLE_KEY 1:[0-9a-f]{16}, and here is 1:"):
        restoring.restore(Opening(made, identity=identity), quiet)
    assert beside() == set()


def test_it_finds_a_row_that_is_another(made: Path, identity, monkeypatch) -> None:
    """What pg_restore would not notice: a row written differently."""
    compare = restoring._compare

    def spoilt(name: str, manifest: dict, tell) -> None:
        with connect(name) as new:
            new.execute("UPDATE grid_area SET name = name || ' ' WHERE code = (SELECT min(code) FROM grid_area)")
        compare(name, manifest, tell)

    monkeypatch.setattr(restoring, "_compare", spoilt)
    with pytest.raises(BadFile, match="grid_area are others"):
        restoring.restore(Opening(made, identity=identity), quiet)
    assert beside() == set()


def test_it_takes_a_passphrase_and_notes_that_it_was_verified(own_town: str, folder: Path, capsys) -> None:
    call_command("backup", str(folder / "b.age"), passphrase_file=folder / "pass", verify=True)
    assert "verified" in capsys.readouterr().out
    assert last_backup().verified
    call_command("restore", str(folder / "b.age"), passphrase_file=folder / "pass", check=True)
    (folder / "pass").write_text("some other passphrase")
    with pytest.raises(CommandError, match="passphrase does not open"):
        call_command("restore", str(folder / "b.age"), passphrase_file=folder / "pass", check=True)
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", str(folder / "b.age"), passphrase_file=folder / "pass")


def test_it_says_that_the_key_which_signs_people_in_is_another(
    own_town: str, folder: Path, identity, kept_databases: None, capsys
) -> None:
    first, options = signing_key().thumbprint(), {"identity": _file(folder, identity)}
    make_backup(folder / "s.age", new_lock((str(identity.to_public()),)), quiet)
    call_command("restore", str(folder / "s.age"), **options)
    assert first not in capsys.readouterr().err
    shutil.rmtree(folder / "keys" / "sign_on")
    call_command("restore", str(folder / "s.age"), **options)
    assert f"the key {first} that signed people in" in capsys.readouterr().err


def test_it_names_nobody_who_could_not_open_it(own_town: str, folder: Path) -> None:
    with pytest.raises(CommandError, match="no public key"):
        call_command("backup", str(folder / "c.age"), to=["age1nonsense"])
    (folder / "pass").write_text("short")
    with pytest.raises(CommandError, match="too short"):
        call_command("backup", str(folder / "c.age"), passphrase_file=folder / "pass")
    assert not list(folder.glob("c.age*"))


@pytest.mark.parametrize(
    ("at", "said"), [("soon", "no moment"), ("2026-13-01T00:00", "no moment"), ("2999-01-01T00:00", "still to come")]
)
def test_it_comes_back_to_no_moment_that_has_not_been(at: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("restore", at=at)


def test_it_makes_a_pair_of_keys(tmp_path: Path) -> None:
    public = write_identity(tmp_path / "key")
    assert str(read_identity(tmp_path / "key").to_public()) == public
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(WanggeError, match="there already"):
        write_identity(tmp_path / "key")


def _command(database: str, folder: Path, *arguments: str, limit: str = "unlimited") -> subprocess.Popen:
    """A command in a process of its own; `limit`: the largest file it may write, as a full disk would have it."""
    settings = {"DATABASE_URL": address_of(database), "WANGGE_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        ["bash", "-c", f'ulimit -f {limit}; exec "$@"', "x", sys.executable, "-m", "django", *arguments],
        env=os.environ | settings | {"DJANGO_SETTINGS_MODULE": "web.settings"},
        stderr=subprocess.PIPE,
        text=True,
    )


def _kill_at(process: subprocess.Popen, word: str) -> None:
    assert any(word in line for line in process.stderr)
    process.kill()
    process.wait()
    process.stderr.close()


def test_it_leaves_nothing_that_looks_whole_when_killed_or_full(own_town: str, folder: Path) -> None:
    options = ["backup", str(folder / "k.age"), "--passphrase-file", str(folder / "pass")]
    _kill_at(_command(own_town, folder, *options), "media:")
    assert not (folder / "k.age").exists()
    full = _command(own_town, folder, *options, limit="200")
    said = full.communicate()[1]
    assert full.returncode == 1
    assert "cannot be written: File too large." in said
    assert "Traceback" not in said
    assert not list(folder.glob("k.age*"))


def test_it_can_be_killed_while_restoring(made: Path, own_town: str, folder: Path, identity, kept_databases) -> None:
    connection.close()
    options = ["restore", str(made), "--identity", str(_file(folder, identity)), "--without-key"]
    _kill_at(_command(own_town, folder, *options), "comparing")
    assert Resident.objects.exists()
    restoring.restore(Opening(made, identity=identity), quiet)
    assert Resident.objects.exists()
    assert not any(name.endswith("_restoring") for name in beside())


def test_it_refuses_to_pull_the_database_away_from_who_works_in_it(
    made: Path, own_town: str, identity, kept_databases: None
) -> None:
    with psycopg.connect(address_of(own_town)) as somebody:
        with pytest.raises(WanggeError, match="in use: 1 connection"):
            restoring.restore(Opening(made, identity=identity), quiet)
        assert beside() == set()
        assert somebody.execute("SELECT count(*) FROM grid_resident").fetchone()[0]
        restoring.restore(Opening(made, identity=identity), quiet, disconnect=True)
        with pytest.raises(psycopg.OperationalError):
            somebody.execute("SELECT 1")


def _as(role: str, monkeypatch) -> None:
    """Every connection from now on has the rights of that role alone."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"options": f"-c role={role}"})


@pytest.fixture
def plain(own_town: str) -> Iterator[str]:
    """A role without any right, and nothing of it left afterwards."""
    role = f"plain_{own_town}"
    with connect("postgres") as outside:
        outside.execute(f'CREATE ROLE "{role}"')
    yield role
    with connect("postgres") as outside:
        if outside.execute("SELECT FROM pg_database WHERE datname = %s", [rights.TEMPLATE]).rowcount:
            outside.execute(f"ALTER DATABASE {rights.TEMPLATE} IS_TEMPLATE false")
            outside.execute(f"DROP DATABASE {rights.TEMPLATE} WITH (FORCE)")
        for (name,) in outside.execute(
            "SELECT datname FROM pg_database WHERE datdba = %s::regrole", [f'"{role}"']
        ).fetchall():
            outside.execute(f'ALTER DATABASE "{name}" OWNER TO CURRENT_USER')
            with connect(name) as inside:
                inside.execute(f'REASSIGN OWNED BY "{role}" TO CURRENT_USER; DROP OWNED BY "{role}"')
        outside.execute(f'DROP OWNED BY "{role}"; DROP ROLE "{role}"')


def test_it_names_each_right_that_an_owner_lacks_until_it_works(
    made: Path, own_town: str, identity, plain: str, kept_databases: None, monkeypatch
) -> None:
    """Whoever reads the sentence and does what it says gets on: the statements are taken from the sentences."""
    people, superuser = Resident.objects.count(), psycopg.connect(address_of("postgres"), autocommit=True)
    said = []
    with monkeypatch.context() as patch, superuser:
        _as(plain, patch)
        while len(said) < 7:
            try:
                restoring.restore(Opening(made, identity=identity), quiet)
                break
            except WanggeError as error:
                said.append(error.message)
                _do(error.fix.removeprefix("Let a superuser of the server run: "), superuser)
        with connect() as new:
            assert new.execute("SELECT count(*) FROM grid_resident").fetchone() == (people,)
        connection.close()
    lacked = re.compile("does not own|see every row|create a database|extension postgis|act for")
    assert [lacked.search(one)[0] for one in said] == lacked.pattern.split("|")


def _do(statements: str, superuser: psycopg.Connection) -> None:
    usual, _, inside = statements.partition(" and in it ")
    superuser.execute(usual)
    if inside:
        with psycopg.connect(address_of(rights.TEMPLATE), autocommit=True) as template:
            template.execute(inside)


@pytest.mark.slow
def test_it_restores_into_another_server(made: Path, folder: Path, identity) -> None:
    """Whose transactions have lower numbers: no row may be news for ever."""
    people = Resident.objects.count()
    cluster = Cluster(folder / "database")
    try:
        ensure_running(cluster)
        there = addresses(cluster)
        options = ["restore", str(made), "--identity", str(_file(folder, identity)), "--without-key"]
        settings = {**there, "WANGGE_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "web.settings"}
        command = [sys.executable, "-m", "django", *options]
        done = subprocess.run(command, env=os.environ | settings, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        with psycopg.connect(there["DATABASE_URL"]) as new:
            assert new.execute("SELECT count(*) FROM grid_resident").fetchone() == (people,)
            now = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
            late = f"SELECT count(*) FROM grid_change WHERE transaction >= {now}"
            assert new.execute(late).fetchone() == (0,)
        with psycopg.connect(there["DATABASE_RUNTIME_URL"]) as new:
            assert new.execute("SELECT count(*) FROM grid_resident").fetchone() == (0,)
    finally:
        stop(cluster)
        owner.forget_place(cluster.home)
