"""Back to a moment: a private cluster as it was then, from a copy and the log in its archive."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from web.start import tuning
from web.start.archive import base_before, fetching, name_of, pieces, prune
from web.start.cluster import Cluster, data_version, ensure_running, launch, server_pid, server_program, stop
from web.start.owner import give_to_server
from web.start.postgres import Postgres, find_postgres
from web.start.problems import CannotStart, explain_output
from web.start.processes import wait_until
from web.start.say import step
from web.start.sockets import make_socket_folder, socket_folder

#: Seconds for which the log is worked through before we give up waiting.
_PATIENCE_S = 86400


def copy_base(cluster: Cluster) -> Path:
    """Copy the running cluster into its archive, whole or not at all, and delete what is no longer needed there."""
    archive, postgres = _archive(cluster), _postgres(cluster)
    draft = archive / "base" / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    done = server_program([
        str(postgres.programs / "pg_basebackup"), "-h", str(socket_folder(cluster.place)), "-U", "wangge",
        "-D", str(draft), "-F", "tar", "-z", "-X", "none", "-c", "fast",
    ])  # fmt: skip
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise CannotStart(f"The cluster was not copied: {done.stdout.strip()}", "mend that, then run it again.")
    whole = draft.with_name(name_of(datetime.now(UTC)))
    draft.rename(whole)
    prune(archive)
    return whole


def recover(cluster: Cluster, moment: datetime) -> Path:
    """Put the cluster of a moment in the place of the one that is there. The folder in which that one is kept.

    Raises CannotStart where the archive does not reach the moment, OSError where there is no room: then the cluster is
    as it was, and runs.
    """
    archive, postgres = _archive(cluster), _postgres(cluster)
    base = base_before(archive, moment)
    stop(cluster)
    new, kept = cluster.place / "cluster.recovering", cluster.place / f"cluster.before-{name_of(datetime.now(UTC))}"
    try:
        _unpack(base, new, postgres)
        _take_last_pieces(cluster.data / "pg_wal", new / "pg_wal")
        _tell_moment(cluster, new, archive, moment)
    except (CannotStart, OSError):
        shutil.rmtree(new, ignore_errors=True)
        ensure_running(cluster)
        raise
    cluster.data.rename(kept)
    new.rename(cluster.data)
    _begin_log(cluster)
    step(f"recovering from the copy {base.name}")
    try:
        _reach(cluster, postgres)
    except CannotStart as problem:
        told = cluster.log.read_text(errors="replace")
        stop(cluster)
        shutil.rmtree(cluster.data)
        kept.rename(cluster.data)
        ensure_running(cluster)
        raise _not_reached(told, archive) or explain_output(told, cluster.data) or problem from None
    stop(cluster)  # the next start tells it nothing of recovering
    ensure_running(cluster)
    return kept


def _archive(cluster: Cluster) -> Path:
    if cluster.archive is None:
        raise CannotStart(
            "Nothing is archived here.", "set WAL_ARCHIVE to a folder on another disk, then `down` and `up`."
        )
    return cluster.archive


def _postgres(cluster: Cluster) -> Postgres:
    return find_postgres(data_version(cluster))[0]


def _unpack(base: Path, new: Path, postgres: Postgres) -> None:
    """A copy's files, each held against the copy's manifest."""
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    damaged = CannotStart(f"The copy {base.name} is damaged.", "choose a moment before it, or look for another copy.")
    give_to_server(new)
    tar = server_program(["tar", "-xzf", str(base / "base.tar.gz"), "-C", str(new)])
    if tar.returncode:
        raise explain_output(tar.stdout, new) or damaged
    check = [str(postgres.programs / "pg_verifybackup"), "-n", "-q", "-m", str(base / "backup_manifest"), str(new)]
    if server_program(check).returncode:
        raise damaged


def _take_last_pieces(there: Path, new: Path) -> None:
    """What the old cluster wrote and had not archived yet."""
    for path in there.glob("*"):
        if re.fullmatch("[0-9A-F]{24}", path.name):
            shutil.copy2(path, new / path.name)
            give_to_server(new / path.name)


def _tell_moment(cluster: Cluster, new: Path, archive: Path, moment: datetime) -> None:
    folder = make_socket_folder(cluster.place)
    told = tuning.settings(str(folder), durable=cluster.durable, archive=archive) + "".join(
        f"{name} = '{value}'\n"
        for name, value in {
            "restore_command": fetching(archive),
            "recovery_target_time": moment.astimezone(UTC).isoformat(sep=" "),
            "recovery_target_action": "promote",
            "hot_standby": "off",  # nobody is let in before the moment is reached
        }.items()
    )
    (new / "wangge.conf").write_text(told)
    (new / "recovery.signal").touch()
    give_to_server(new / "recovery.signal")


def _begin_log(cluster: Cluster) -> None:
    """What the server says from here on tells why the moment was not reached."""
    if cluster.log.exists():
        cluster.log.replace(cluster.log.with_suffix(".log.old"))


def _reach(cluster: Cluster, postgres: Postgres) -> None:
    """Start the server and wait until it has come to the moment. Raises CannotStart where it ended before."""
    launch(cluster, postgres)
    # pg_ctl takes a server that still recovers, and lets nobody in, for a started one.
    wait_until(lambda: server_pid(cluster) is None or _is_ready(cluster), _PATIENCE_S)
    if not _is_ready(cluster):
        raise CannotStart("The database ended while it recovered.", f"look into {cluster.log}.")


def _is_ready(cluster: Cluster) -> bool:
    try:
        return "\nready" in (cluster.data / "postmaster.pid").read_text()
    except OSError:
        return False


def _not_reached(told: str, archive: Path) -> CannotStart | None:
    if "before configured recovery target was reached" not in told:
        return None
    found = re.findall(r'restored log file "([0-9A-F]{24})"', told)
    last = found[-1] if found else ""
    if any(name > last for name in pieces(archive)):
        return CannotStart(
            f"A piece of the log is missing in {archive}/log, after {last or 'the copy'}.",
            "put it back there, or choose an earlier moment. Nothing was changed.",
        )
    return CannotStart(
        f"The log in {archive}/log ends before that moment.", "choose an earlier moment. Nothing was changed."
    )
