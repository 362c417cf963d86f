"""A cluster that archives its log, brought back to a moment: real ones, with their own tools. It …"""

import gzip
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from web.start.archive import KEPT, bases, pieces, settings
from web.start.cluster import Cluster, addresses, ensure_running, stop
from web.start.problems import CannotStart
from web.start.processes import wait_until
from web.start.recovering import copy_base, recover

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def archiving(shared_folder: Path) -> Iterator[Cluster]:
    made = Cluster(shared_folder / "database", archive=shared_folder / "archive")
    ensure_running(made)
    try:
        ask(made, "CREATE TABLE note (word text)")
        yield made
    finally:
        stop(made)


@pytest.fixture
def cluster(archiving: Cluster) -> Cluster:
    """One with a copy in its archive, made before anything was written."""
    ask(archiving, "TRUNCATE note")
    copy_base(archiving)
    return archiving


def ask(cluster: Cluster, statement: str) -> list[tuple]:
    with psycopg.connect(addresses(cluster)["DATABASE_URL"], autocommit=True) as connection:
        asked = connection.execute(statement)
        return asked.fetchall() if asked.description else []


def write(cluster: Cluster, word: str) -> datetime:
    """A committed row, and a moment after it."""
    ask(cluster, f"INSERT INTO note VALUES ('{word}')")
    return ask(cluster, "SELECT clock_timestamp()")[0][0]


def archived(cluster: Cluster) -> str:
    """Name of the piece that holds what was written last, once it is in the archive."""
    (name,) = ask(cluster, "SELECT pg_walfile_name(pg_current_wal_lsn())")[0]
    ask(cluster, "SELECT pg_switch_wal()")
    assert wait_until(lambda: name in pieces(cluster.archive), 30)
    return name


def words(cluster: Cluster) -> list[str]:
    return [word for (word,) in ask(cluster, "SELECT word FROM note ORDER BY word")]


def test_it_comes_back_to_a_moment_between_two_writings(cluster: Cluster) -> None:
    write(cluster, "a")
    archived(cluster)
    moment = write(cluster, "b")
    write(cluster, "c")
    kept = recover(cluster, moment)
    assert words(cluster) == ["a", "b"]
    assert (kept / "PG_VERSION").exists()
    later = write(cluster, "d")
    archived(cluster)
    write(cluster, "e")
    recover(cluster, later)  # it goes on being archived
    assert words(cluster) == ["a", "b", "d"]


def test_it_says_that_a_piece_of_the_log_is_missing_and_goes_on_as_it_was(cluster: Cluster) -> None:
    lost = []
    others = set(cluster.place.iterdir())
    for word in "abc":
        moment = write(cluster, word)
        lost.append(archived(cluster))
    for folder, ending in ((cluster.archive / "log", ".gz"), (cluster.data / "pg_wal", "")):
        (folder / (lost[1] + ending)).unlink(missing_ok=True)
    with pytest.raises(CannotStart, match=f"missing in .*, after {lost[0]}"):
        recover(cluster, moment)
    assert words(cluster) == ["a", "b", "c"]
    assert set(cluster.place.iterdir()) == others


def test_it_refuses_what_the_archive_does_not_reach(cluster: Cluster) -> None:
    write(cluster, "a")
    with pytest.raises(CannotStart, match="no copy from before"):
        recover(cluster, datetime.now(UTC) - timedelta(days=1))
    with pytest.raises(CannotStart, match="ends before that moment"):
        recover(cluster, datetime.now(UTC) + timedelta(days=1))
    assert words(cluster) == ["a"]


def test_it_refuses_a_copy_that_is_damaged(cluster: Cluster) -> None:
    moment = write(cluster, "a")
    packed = bases(cluster.archive)[0][1] / "base.tar.gz"
    packed.write_bytes(packed.read_bytes()[:-5000])
    with pytest.raises(CannotStart, match="is damaged"):
        recover(cluster, moment)
    assert words(cluster) == ["a"]


def test_it_goes_on_as_it_was_where_a_piece_cannot_be_taken_along(cluster: Cluster) -> None:
    moment = write(cluster, "a")
    others, piece = set(cluster.place.iterdir()), cluster.data / "pg_wal" / ("F" * 24)
    piece.symlink_to("nowhere")
    with pytest.raises(FileNotFoundError):
        recover(cluster, moment)
    piece.unlink()
    assert words(cluster) == ["a"]
    assert set(cluster.place.iterdir()) == others


def test_it_keeps_the_newest_copies_and_the_log_that_they_need(cluster: Cluster) -> None:
    before = archived(cluster)
    for _ in range(KEPT):
        copy_base(cluster)
    assert len(bases(cluster.archive)) == KEPT
    assert before not in pieces(cluster.archive)
    moment = write(cluster, "a")
    write(cluster, "b")
    recover(cluster, moment)
    assert words(cluster) == ["a"]


def test_it_says_that_nothing_is_archived(folder: Path) -> None:
    with pytest.raises(CannotStart, match="Nothing is archived"):
        recover(Cluster(folder / "database"), datetime.now(UTC))


def test_a_piece_handed_over_again_is_taken_as_done_and_another_of_its_name_is_not(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    piece = tmp_path / "piece"
    command = settings(tmp_path)["archive_command"].strip("'").replace("%p", str(piece)).replace("%f", "0001")
    for text, code in (("written", 0), ("written", 0), ("something else", 1)):
        piece.write_text(text)
        assert subprocess.run(["sh", "-c", command], check=False).returncode == code
    assert gzip.decompress((tmp_path / "log" / "0001.gz").read_bytes()) == b"written"
