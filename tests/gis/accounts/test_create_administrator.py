from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from gis.accounts import opening
from gis.models import User


def create(*arguments: str, warned: StringIO | None = None) -> str:
    said = StringIO()
    call_command("create_administrator", *arguments, stdout=said, stderr=warned or StringIO())
    return said.getvalue()


def test_it_opens_an_account_with_a_password_that_works_once(db):
    said = create("qian", "--area", "110113", "--one-time-password")
    user = User.objects.get(username="qian")
    assert user.check_password(said.strip().rpartition(" ")[2])
    assert user.must_change_password
    assert user.access.may("accounts.manage", "110113001")
    assert not user.access.may("accounts.manage", "110114")


def test_it_warns_where_the_demonstration_accounts_are_open_to_everybody(db):
    warned = StringIO()
    create("qian", "--area", "110113", "--one-time-password", warned=warned)
    assert "demonstration" in warned.getvalue()


def test_it_does_not_warn_on_a_database_of_its_own(bare):
    warned = StringIO()
    create("qian", "--area", "110113", "--one-time-password", warned=warned)
    assert warned.getvalue() == ""


def test_it_asks_for_the_password_at_a_terminal(db, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("gis.management.commands.create_administrator.getpass", lambda _: "typed by hand 9")
    said = create("qian", "--area", "11")
    user = User.objects.get(username="qian")
    assert user.check_password("typed by hand 9")
    assert not user.must_change_password
    assert "typed by hand" not in said


@pytest.mark.parametrize("area", ["110113001006", "1101131", "11011", "1", "", "beijing", "110113001006001", "１１"])
def test_it_refuses_an_area_no_administrator_has(area, db):
    with pytest.raises(CommandError, match="no area of an administrator"):
        create("qian", "--area", area, "--one-time-password")
    assert not User.objects.filter(username="qian").exists()


@pytest.mark.parametrize("name", ["admin", "ADMIN"])
def test_it_refuses_a_name_that_is_taken(name, cast):
    with pytest.raises(CommandError, match="of that name"):
        create(name, "--area", "110113", "--one-time-password")


@pytest.mark.parametrize("name", ["two words", "a" * 61, "<b>", ""])
def test_it_refuses_a_name_that_is_none(name, db):
    with pytest.raises(CommandError):
        create(name, "--area", "110113", "--one-time-password")


@pytest.mark.parametrize("password", ["short", "1234567890", "password123"])
def test_it_refuses_a_poor_password(password, db, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("gis.management.commands.create_administrator.getpass", lambda _: password)
    with pytest.raises(CommandError):
        create("qian", "--area", "110113")
    assert not User.objects.exclude(username="admin").filter(username="qian").exists()


def test_its_passwords_are_long_and_never_the_same():
    made = {opening.one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 23 for password in made)
