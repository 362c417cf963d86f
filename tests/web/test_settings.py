"""Settings come from the environment alone, refuse nonsense, and each has its line in the README."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tests.databases import address_of
from web.settings import environment
from web.settings.base_maps import base_maps
from web.settings.environment import READ, env_bool, env_int, env_list, env_secret, env_str, load_dotenv

ROOT = Path(__file__).resolve().parent.parent.parent


def documented() -> dict[str, str]:
    """Setting → default, as the README's tables have them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \| (.*?) ?\|", text, re.MULTILINE)
    return {name: default for names, default in rows for name in re.findall(r"[A-Z_]+", names)}


def test_every_setting_that_is_read_has_its_line_in_the_readme():
    assert set(READ) <= set(documented())


def test_the_readme_names_no_default_that_is_not_the_default():
    given = documented()
    for name, setting in READ.items():
        if given[name].startswith("`") and name != "WANGGE_DATA":
            assert given[name] == f"`{setting.default}`", name


def test_the_readme_names_no_setting_that_nobody_reads():
    files = [*ROOT.glob("web/**/*.py"), *ROOT.glob("tests/bench/**/*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    assert [name for name in documented() if f'"{name}"' not in text] == []


@pytest.fixture(autouse=True)
def _own_list(monkeypatch):
    monkeypatch.setattr(environment, "READ", {})


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("FALSE", False)])
def test_a_switch_is_read(text, value, monkeypatch):
    monkeypatch.setenv("TRIAL", text)
    assert env_bool("TRIAL", not value, "") is value


@pytest.mark.parametrize("text", ["maybe", "2", "tru", "-", " "])
def test_a_switch_that_is_neither_is_refused(text, monkeypatch):
    monkeypatch.setenv("TRIAL", text)
    with pytest.raises(ImproperlyConfigured, match="TRIAL"):
        env_bool("TRIAL", False, "")


@pytest.mark.parametrize("text", ["ten", "1.5", "1e3", "0x10"])
def test_a_number_that_is_none_is_refused(text, monkeypatch):
    monkeypatch.setenv("TRIAL", text)
    with pytest.raises(ImproperlyConfigured, match="TRIAL"):
        env_int("TRIAL", 1, "")


def test_an_empty_value_is_the_default(monkeypatch):
    monkeypatch.setenv("TRIAL", "")
    assert env_str("TRIAL", "a", "") == "a"
    assert env_int("TRIAL", 7, "") == 7
    assert env_bool("TRIAL", True, "") is True
    assert env_list("TRIAL", ["x"], "") == ["x"]


def test_a_list_is_split_and_trimmed(monkeypatch):
    monkeypatch.setenv("TRIAL", " a.example , b.example,")
    assert env_list("TRIAL", [], "") == ["a.example", "b.example"]


def test_a_short_secret_is_refused_without_being_repeated(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIAL", "hunter2hunter2")
    with pytest.raises(ImproperlyConfigured) as refused:
        env_secret("TRIAL", tmp_path, "")
    assert "hunter2" not in str(refused.value)


def test_a_secret_is_made_once_and_for_us_alone(tmp_path):
    first = env_secret("TRIAL", tmp_path, "")
    assert env_secret("TRIAL", tmp_path, "") == first
    assert len(first) >= 32
    file = tmp_path / "keys" / "trial"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert env_secret("OTHER", tmp_path, "") != first


def test_a_file_of_settings_fills_what_the_environment_leaves_open(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIAL", "of the environment")
    monkeypatch.delenv("TRIAL_TWO", raising=False)
    (tmp_path / ".env").write_text('# words\nTRIAL=of the file\n\nTRIAL_TWO = "two words"\n', encoding="utf-8")
    load_dotenv(tmp_path / ".env")
    assert (os.environ["TRIAL"], os.environ["TRIAL_TWO"]) == ("of the environment", "two words")
    monkeypatch.delenv("TRIAL_TWO")


@pytest.mark.parametrize("line", ["no equals sign", "=x", "two words=x", "1A=x", "export A=x"])
def test_a_line_that_sets_nothing_is_refused_by_its_number_and_not_repeated(line, tmp_path):
    (tmp_path / ".env").write_text(f"# one\n{line}\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=r"line 2") as refused:
        load_dotenv(tmp_path / ".env")
    assert line not in str(refused.value)


def started(**wanted: str) -> subprocess.CompletedProcess:
    """The settings, read by a fresh process."""
    code = "from django.conf import settings; settings.DATABASES; print('read')"
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "web.settings", **wanted}
    return subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("SIGN_IN_TRIES", "five"),
        ("DATABASE_URL", "mysql://root:hunter2@localhost/wangge"),
        ("DATABASE_URL", "postgresql://wangge:hunter2@localhost:port/wangge"),
        ("DATABASE_URL", "postgresql://wangge:hunter2@localhost"),
        ("SECRET_KEY", "hunter2"),
        ("PEOPLE_KEY", "hunter2"),
        ("LOG_LEVEL", "LOUD"),
        ("TIME_ZONE", "Asia/Atlantis"),
        ("LANGUAGE_CODE", "de"),
        ("BASE_MAP_CRS", "bd09"),
        ("BASE_MAP_URL", "https://maps.example/tiles"),
    ],
)
def test_nonsense_is_refused_at_the_start_by_name_and_secrets_stay_out_of_it(name, value):
    done = started(**{name: value})
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert name in last
    assert "ImproperlyConfigured" in last
    assert "hunter2" not in done.stderr


def test_production_is_the_default():
    assert settings.DEBUG is False
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SECURE_CONTENT_TYPE_NOSNIFF
    assert settings.X_FRAME_OPTIONS == "DENY"
    assert "*" not in settings.ALLOWED_HOSTS


@pytest.mark.parametrize("runtime", ["", "owner", "wangge_app"])
def test_a_server_lays_down_whatever_rights_its_login_has(runtime, own_town):
    """Signed in as the owner, a superuser here, by mistake or for want of a second login: the policies hold it."""
    code = (
        "import django; django.setup()\nfrom django.db import connection\nwith connection.cursor() as cursor:\n"
        "    cursor.execute('SELECT current_user, (SELECT count(*) FROM grid_resident)'); print(*cursor.fetchone())"
    )
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "web.settings", "WANGGE_SERVING": "1"}
    environ["DATABASE_URL"] = address_of(own_town)
    logins = {"": "", "owner": address_of(own_town), "wangge_app": address_of(own_town, "wangge_app")}
    environ["DATABASE_RUNTIME_URL"] = logins[runtime]
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["wangge_app", "0"]


def test_behind_https_every_cookie_is_secure():
    code = (
        "from django.conf import settings as s; print(all([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0, s.SECURE_PROXY_SSL_HEADER]))"
    )
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "web.settings", "HTTPS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"


def test_djangos_own_check_of_production_finds_nothing(tmp_path):
    production = {
        "HTTPS": "1", "ALLOWED_HOSTS": "grid.example.gov.cn", "SITE_URL": "https://grid.example.gov.cn",
        "CSRF_TRUSTED_ORIGINS": "https://grid.example.gov.cn", "WANGGE_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "web.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"], env=os.environ | production,
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("address", ["/sign-in/", "/nothing/", "/healthz", "/admin/"])
def test_the_policy_lets_nothing_in_from_anywhere_else(address, client, db):
    policy = client.get(address).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_a_base_map_names_its_hosts_for_the_policy():
    offered = base_maps("key", "https://{s}.maps.example/{z}/{x}/{y}.png", "底图", "gcj02", "审图号")
    hosts = {host for base in offered for host in base["hosts"]}
    assert {"https://a.maps.example", "https://t0.tianditu.gov.cn"} <= hosts
    assert base_maps("", "", "底图", "wgs84", "") == []


def test_a_pooler_takes_no_settings_of_a_session():
    done = started(
        WANGGE_PAGES="1",
        DATABASE_POOLER_URL="postgresql://wangge_app:hunter2@localhost/wangge?options=-c%20role%3Dwangge",
    )
    assert done.returncode == 1
    assert "DATABASE_POOLER_URL" in done.stderr.strip().splitlines()[-1]
    assert "hunter2" not in done.stderr
