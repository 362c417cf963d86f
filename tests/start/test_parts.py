"""The pure parts of the start: each …"""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.start import debian, tuning
from web.start.assets import signature
from web.start.checkout import read_dotenv
from web.start.messages import compile_messages
from web.start.postgres import OLDEST_POSTGRES, find_postgres
from web.start.problems import CannotStart, explain, explain_django, explain_output
from web.start.processes import is_alive, program_of, works_in
from web.start.serve import address, free_port, require_free_port
from web.start.trial import find_browser, is_whole, run_parts, wants_browser, whole

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EROFS, "is read-only"),
        (errno.EACCES, "no right to write"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_an_error_of_the_system_becomes_a_sentence_with_a_fix(number: int, words: str) -> None:
    problem = explain(OSError(number, os.strerror(number), "/there"))
    assert words in problem.message
    assert "/there" in problem.message
    assert problem.fix


def test_a_complaint_about_the_disk_is_recognised(tmp_path: Path) -> None:
    full = explain_output("PANIC: could not write: No space left on device", tmp_path)
    assert full is not None
    assert "is full" in full.message
    assert explain_output("something else", tmp_path) is None


def test_a_domain_error_keeps_its_sentence_and_its_fix() -> None:
    from gis.errors import WanggeError

    problem = explain_django(WanggeError("There is no such cell.", fix="Name another."))
    assert problem is not None
    assert str(problem) == "There is no such cell.\nFix: Name another."
    assert explain_django(KeyError("x")) is None


@given(st.integers(min_value=0, max_value=2**45))
def test_memory_settings_stay_modest(total: int) -> None:
    megabytes = {name: int(value.strip("'").removesuffix("MB")) for name, value in tuning._memory(total).items()}
    assert 64 <= megabytes["shared_buffers"] <= 512
    assert 4 <= megabytes["work_mem"] <= 32
    assert megabytes["maintenance_work_mem"] <= 256


def test_safety_is_given_up_for_tests_only() -> None:
    assert "fsync" not in tuning.settings("/s")
    assert "fsync = off" in tuning.settings("/s", durable=False)


def test_the_line_to_run_is_one_command() -> None:
    line = debian.line_to_run(["a", "b"])
    assert "\n" not in line
    assert line.count("a b") == 1


def test_somebody_without_roots_rights_gets_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "may_install", lambda: False)
    with pytest.raises(CannotStart, match="only root may install it") as caught:
        debian.install(["postgresql-15-postgis-3"], "PostGIS")
    assert "postgresql-15-postgis-3" in caught.value.fix


@pytest.mark.parametrize("there", [True, False])
def test_no_system_cluster_is_wished_for_a_moment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    settings = tmp_path / "postgresql-common" / "createcluster.conf"
    monkeypatch.setattr(debian, "_CLUSTER_SETTINGS", settings)
    shipped = "# shipped\n"
    if there:
        settings.parent.mkdir()
        settings.write_text(shipped)
    with debian._no_system_cluster():
        wishes = [path.read_text() for path in tmp_path.rglob("*.conf")]
        assert "create_main_cluster = false\n" in wishes
        if not there:  # what Debian does with a file it finds before its own
            Path(f"{settings}.ucf-dist").write_text(shipped)
    assert [path.read_text() for path in tmp_path.rglob("*") if path.is_file()] == [shipped]


def test_a_postgresql_is_found_with_its_postgis() -> None:
    found = find_postgres()
    assert found
    assert found == sorted(found, key=lambda one: -one.major)
    assert all(one.major >= OLDEST_POSTGRES and one.postgis[0].isdigit() for one in found)
    assert find_postgres(9) == []


def test_a_dotenv_line_yields_to_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_ONE", "outside")
    monkeypatch.setenv("WANGGE_TWO", "")
    monkeypatch.delenv("WANGGE_TWO")
    file = tmp_path / ".env"
    file.write_text("WANGGE_ONE=inside\n# WANGGE_TWO=no\n\nWANGGE_TWO = 'two words'\nnonsense\n")
    read_dotenv(file)
    assert (os.environ["WANGGE_ONE"], os.environ["WANGGE_TWO"]) == ("outside", "two words")


def test_a_signature_follows_contents_and_names_but_not_place(tmp_path: Path) -> None:
    signs = []
    for folder, name, text in (("a", "x", "1"), ("b", "x", "1"), ("c", "y", "1"), ("d", "x", "2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
        signs.append(signature(tmp_path / folder, [tmp_path / folder / name]))
    assert signs[0] == signs[1]
    assert len(set(signs)) == 3


def test_messages_are_compiled_when_they_are_newer(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "网格"\nmsgstr "Cell"\n')
    assert compile_messages(tmp_path) == 1
    compiled = source.with_suffix(".mo")
    os.utime(compiled, (source.stat().st_mtime + 5,) * 2)
    assert compile_messages(tmp_path) == 0
    import gettext

    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("网格") == "Cell"


def test_processes_that_compile_the_same_words_at_once_do_not_meet(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    words = "".join(f'msgid "词{number}"\nmsgstr "word {number}"\n\n' for number in range(2000))
    (folder / "django.po").write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + words)
    act = "import sys, pathlib; from web.start.messages import *; compile_messages(pathlib.Path(sys.argv[1]))"
    together = [subprocess.Popen([sys.executable, "-c", act, str(tmp_path)], cwd=ROOT) for _ in range(4)]
    assert [process.wait() for process in together] == [0] * 4
    assert [path.name for path in folder.glob("*.mo")] == ["django.mo"]


def test_a_process_is_known_by_its_folder_and_a_zombie_is_dead(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], cwd=tmp_path, stdin=subprocess.PIPE)
    assert is_alive(child.pid)
    assert works_in(child.pid, tmp_path)
    assert not works_in(child.pid, tmp_path.parent)
    assert program_of(child.pid).startswith("python")
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, but not yet reaped
    assert Path(f"/proc/{child.pid}").exists()
    assert not is_alive(child.pid)
    child.communicate()


def test_a_port_is_refused_with_a_free_one_named() -> None:
    import socket

    taken = socket.create_server(("127.0.0.1", 0))
    with taken, pytest.raises(CannotStart, match="taken by another program"):
        require_free_port("127.0.0.1", taken.getsockname()[1])
    require_free_port("127.0.0.1", free_port("127.0.0.1"))
    with pytest.raises(CannotStart, match="Nothing can listen"):
        require_free_port("192.0.2.1", 8000)


def test_an_address_can_be_typed_into_a_browser() -> None:
    assert address("0.0.0.0", 8000) == "http://127.0.0.1:8000/"
    assert address("::1", 80) == "http://[::1]:80/"


def test_a_browser_is_wanted_unless_other_tests_are_named() -> None:
    assert wants_browser([])
    assert wants_browser(["-x", "tests/browser/test_map.py"])
    assert wants_browser(["tests/"])
    assert not wants_browser(["tests/gis", "-k", "cell"])


def test_a_browser_named_by_the_environment_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/opt/my-chromium")
    assert find_browser() == "/opt/my-chromium"


@pytest.mark.parametrize(
    ("arguments", "whole"),
    [([], True), (["-q", "--durations=9"], True), (["tests/gis"], False), (["-k", "cell"], False), (["--lf"], False),
     (["--junitxml=kept"], False)],
)  # fmt: skip
def test_only_a_run_of_all_tests_goes_side_by_side(arguments: list[str], whole: bool) -> None:
    assert is_whole(arguments) is whole


def test_every_test_is_in_one_part_of_the_whole() -> None:
    names = [str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")]
    assert names
    for name in names:
        assert sum(_is_chosen(name, part) for part in whole()) == 1, name


def _is_chosen(name: str, part: list[str]) -> bool:
    ignored = [one.removeprefix("--ignore=") for one in part if one.startswith("--ignore=")]
    folders = [one for one in part if not one.startswith("--")]
    assert all((ROOT / folder).is_dir() for folder in folders)
    return _lies_in(name, folders) and not _lies_in(name, ignored)


def _lies_in(name: str, folders: list[str]) -> bool:
    return any(name.startswith(f"{folder}/") for folder in folders)


def _says(text: str, code: int) -> list[str]:
    return [sys.executable, "-c", f"print({text!r}); raise SystemExit({code})"]


@pytest.mark.parametrize(
    ("codes", "result"),
    [
        ((0, 0), 0),
        ((0, 1), 1),
        ((2, 0), 2),
        ((5, 0), 0),
        ((0, 5), 0),
        ((5, 5), 5),
        ((5, 1), 1),
        ((0, 0, 0, 0), 0),
        ((0, 5, 0, 1), 1),
    ],
)
def test_what_runs_side_by_side_is_told_whole_and_fails_if_one_part_fails(codes, result, tmp_path, capfd) -> None:
    parts = [_says(f"part {number}", code) for number, code in enumerate(codes)]
    assert run_parts(parts, tmp_path) == result
    assert sorted(capfd.readouterr().out.split("\n")) == ["", *(f"part {number}" for number in range(len(codes)))]


def test_a_part_does_not_outlive_the_run(tmp_path) -> None:
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    before = children.read_text().split()
    with pytest.raises(FileNotFoundError):
        run_parts([[sys.executable, "-c", "import time; time.sleep(600)"], ["/nowhere/at/all"]], tmp_path)
    assert children.read_text().split() == before
