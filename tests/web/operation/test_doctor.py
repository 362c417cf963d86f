"""`manage.py doctor`: each thing is broken on purpose, and found; a sound town is well. It …"""

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from jwcrypto.jwk import JWK

from gis.models import Attachment, CellVersion, Report, User
from web.operation.backup import record
from web.operation.doctor import server
from web.operation.doctor.examining import CHECKS, examine

PEM = JWK.generate(kty="RSA", size=2048).export_to_pem(private_key=True, password=None)


@pytest.fixture
def well(db: None, tmp_path: Path, settings) -> Path:
    """The town with a fresh backup, a key and its photos: nothing is wrong."""
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.ALLOWED_HOSTS = ["localhost"]
    (tmp_path / "keys").mkdir(mode=0o700)
    _write_key(tmp_path, 0o600)
    (tmp_path / "keys" / "sign_on").mkdir(mode=0o700)
    _sign_on_key(tmp_path).write_bytes(PEM)
    _sign_on_key(tmp_path).chmod(0o600)
    (tmp_path / "b.age").write_bytes(b"x")
    _note(hours=1)
    for name in Attachment.objects.values_list("name", flat=True):
        for size in ("full", "small"):
            _photo(tmp_path, name, size)
    return tmp_path


def _write_key(folder: Path, mode: int) -> None:
    path = folder / "keys" / "people_key"
    path.write_text("k" * 40)
    path.chmod(mode)


def _sign_on_key(folder: Path) -> Path:
    return folder / "keys" / "sign_on" / f"{0:020}.pem"


def _note(hours: int, verified: bool = True, file: str = "b.age") -> None:
    at = (timezone.now() - timedelta(hours=hours)).isoformat()
    record.note(record.LastBackup(at, str(record._path().with_name(file)), 1, verified))


def _photo(folder: Path, name: str, size: str) -> Path:
    path = folder / "media" / "photos" / name[:2] / f"{name}.{size}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def sql(statement: str) -> Callable[..., None]:
    def act(folder: Path, settings) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return act


def setting(name: str, value: object) -> Callable[..., None]:
    return lambda folder, settings: setattr(settings, name, value)


def _lose_a_file(folder: Path, settings) -> None:
    told = {"title": "x", "view": {}, "areas": "110113", "language": "en", "kind": "pdf"}
    Report.objects.create(owner=User.objects.first(), file="reports/gone.pdf", **told)


def _leave_a_photo(folder: Path, settings) -> None:
    path = _photo(folder, "cd" * 20, "full")
    os.utime(path, (time.time() - 2 * 86400,) * 2)


def _move_a_border(folder: Path, settings) -> None:
    one = CellVersion.objects.on(timezone.localdate()).filter(cell__kind="service").first()
    CellVersion.objects.filter(pk=one.pk).update(
        geometry=MultiPolygon(one.geometry.buffer(-0.0003), srid=one.geometry.srid)
    )


_JOB = "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at) VALUES ('default', 'x', "
_EVENT = "INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'failed', now() FROM j"
_NEWEST = "SELECT max(id) FROM django_migrations WHERE app = 'grid'"
BROKEN: list[tuple[str, Callable[..., None]]] = [
    ("versions", sql("DROP EXTENSION pg_trgm CASCADE")),
    ("login", sql("ALTER ROLE wangge_app BYPASSRLS")),
    ("login", sql("CREATE TABLE theirs (n int); ALTER TABLE theirs OWNER TO wangge_app")),
    ("login", sql("REVOKE SELECT ON grid_area FROM wangge_app")),
    ("walls", sql("ALTER TABLE grid_resident DISABLE ROW LEVEL SECURITY")),
    ("migrations", sql(f"DELETE FROM django_migrations WHERE id IN ({_NEWEST})")),
    ("migrations", sql("DELETE FROM django_migrations WHERE app = 'grid' AND name LIKE '0050\\_%'")),
    ("migrations", sql("INSERT INTO django_migrations (app, name, applied) VALUES ('grid', '9999_later', now())")),
    ("settings", setting("DEBUG", True)),
    ("settings", setting("ALLOWED_HOSTS", ["*"])),
    ("settings", setting("ALLOWED_HOSTS", ["grid.example.cn"])),
    ("settings", setting("HTTPS", True)),
    ("secrets", lambda folder, settings: _write_key(folder, 0o644)),
    ("secrets", lambda folder, settings: (folder / "keys").chmod(0o777)),
    ("secrets", setting("SECRET_KEY", "a" * 40)),
    ("secrets", lambda folder, settings: _sign_on_key(folder).chmod(0o644)),
    ("secrets", lambda folder, settings: _sign_on_key(folder).write_bytes(b"-----BEGIN PRIVATE KEY-----")),
    ("secrets", lambda folder, settings: _sign_on_key(folder).parent.chmod(0o777)),
    ("backup", lambda folder, settings: (folder / "backup.json").unlink()),
    ("backup", lambda folder, settings: _note(hours=50)),
    ("backup", lambda folder, settings: _note(hours=1, verified=False)),
    ("backup", lambda folder, settings: _note(hours=1, file="gone.age")),
    ("archive", setting("WAL_ARCHIVE", "/nowhere")),
    ("jobs", sql(_JOB + "'todo', now() - interval '1 hour')")),
    ("jobs", sql(_JOB + "'doing', now())")),
    ("jobs", sql(f"WITH j AS ({_JOB} 'failed', now()) RETURNING id) {_EVENT}")),
    ("retention", sql("UPDATE django_migrations SET applied = applied - interval '9 days'")),
    (
        "figures",
        sql("UPDATE grid_figures SET buildings = buildings + 1 WHERE area = (SELECT min(area) FROM grid_figures)"),
    ),
    ("cells", _move_a_border),
    ("media", _lose_a_file),
    ("media", _leave_a_photo),
]


def test_it_finds_a_sound_town_well(well: Path, capsys) -> None:
    assert [str(one) for one in examine(full=True)] == []
    call_command("doctor")
    assert "All is well" in capsys.readouterr().out


@pytest.mark.parametrize(("check", "breaks"), BROKEN, ids=[f"{name} {n}" for n, (name, _) in enumerate(BROKEN)])
def test_it_finds_what_is_broken(check: str, breaks: Callable[..., None], well: Path, settings) -> None:
    breaks(well, settings)
    found = examine(full=True)
    assert {one.check for one in found} == {check}
    assert all(one.mend for one in found)


def test_it_finds_an_owner_from_whom_rows_are_hidden(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_owner; SET LOCAL ROLE plain_owner")
    assert [one.message for one in server.login(False)] == ["plain_owner does not see every row."]


def test_it_breaks_every_check_on_purpose() -> None:
    assert {name for name, _ in BROKEN} == set(CHECKS) - {
        "database",
        "disk",
        "replica",
    }  # these have tests of their own


def test_it_tells_of_a_full_disk(well: Path, monkeypatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 10**8, "total": 10**12}))
    assert {one.check for one in examine()} == {"disk"}


def test_it_tells_of_a_database_that_is_away(own_town: str, tmp_path: Path, settings, monkeypatch) -> None:
    settings.DATA, settings.ALLOWED_HOSTS = tmp_path, ["localhost"]
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        assert {one.check for one in examine()} == {"database"}


def test_it_ends_with_1_and_speaks_to_programs(well: Path, capsys) -> None:
    (well / "backup.json").unlink()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", json=True)
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)[0]["check"] == "backup"


def test_it_knows_the_personal_tables(db: None) -> None:
    """All that it names are there, and all of them are behind the wall."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        assert server.personal_tables() <= {name for (name,) in cursor.fetchall()}
