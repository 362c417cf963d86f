"""`manage.py up` in a checkout of its own: it …"""

import json
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.start.conftest import Clone, copy_checkout
from web.start import processes
from web.start.checkout import Checkout
from web.start.cluster import Cluster, addresses, ensure_running, in_use, is_ready, server_pid, stop
from web.start.serve import free_port, running_servers


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def answers(port: int, path: str = "/healthz") -> bool:
    try:
        return status(port, path) == 200
    except OSError:
        return False


def servers_of(clone: Clone) -> list[int]:
    return running_servers(Checkout(clone.root, clone.data))


@pytest.fixture
def ready(shared_clone: Clone) -> Clone:
    if not (shared_clone.data / "last-start.json").exists():
        done = shared_clone.manage("up", "--no-serve", "--empty")
        assert done.returncode == 0, done.stderr
    return shared_clone


def test_it_leaves_the_seconds_of_each_part(ready: Clone) -> None:
    facts = json.loads((ready.data / "last-start.json").read_text())
    assert {"database", "prepare", "migrate", "codes"} <= set(facts["parts"])
    assert facts["seconds"] > 0


def test_it_migrates_and_loads_the_code_tables_but_no_town_when_empty(ready: Clone) -> None:
    script = "from gis.models import Area, Code; print(Area.objects.count(), Code.objects.count() > 100)"
    done = ready.manage("shell", "-v0", "-c", script)
    assert done.stdout.strip() == "0 True", done.stderr


def test_it_does_nothing_twice(ready: Clone) -> None:
    done = ready.manage("up", "--no-serve", "--empty")
    assert done.returncode == 0
    assert not any(word in done.stderr for word in ("installing", "creating", "migrating", "building"))


def test_it_serves_as_the_runtime_login_until_it_is_told_to_stop(ready: Clone) -> None:
    port = free_port("127.0.0.1")
    server = ready.start("up", "--empty", "--port", str(port))
    try:
        assert processes.wait_until(lambda: answers(port), 180)
        again = ready.manage("up", "--empty", "--port", str(port))
        assert again.returncode == 0
        assert f"already running at http://127.0.0.1:{port}/" in again.stdout
        feed = json.loads((ready.data / "server.json").read_text())["feed"]
        assert processes.wait_until(lambda: answers(feed, "/live/health"), 30)
    finally:
        server.terminate()
        output = server.communicate(timeout=30)[0]
    assert server.returncode == 0, output
    assert f"Wangge is at http://127.0.0.1:{port}/" in output
    assert "Traceback" not in output
    assert not servers_of(ready)
    assert server_pid(Cluster(ready.data / "database")) is not None


def test_it_recovers_when_everything_was_killed(ready: Clone) -> None:
    ready.manage(
        "shell", "-v0", "-c", "from gis.models import Department as D; D.objects.create(code='kept', name='k')"
    )
    cluster = Cluster(ready.data / "database")
    for pid in (pid for pid in processes.all_pids() if processes.works_in(pid, cluster.data)):
        os.kill(pid, signal.SIGKILL)
    done = ready.manage("shell", "-v0", "-c", "from gis.models import Department as D; print(D.objects.count())")
    assert "recovering" in done.stderr
    assert done.stdout.strip() == "1"


def test_it_takes_over_from_a_killed_server_whose_workers_hold_the_port(ready: Clone) -> None:
    port = free_port("127.0.0.1")
    with socket.create_server(("127.0.0.1", port)) as held:
        os.set_inheritable(held.fileno(), True)
        mark = {**os.environ, "WANGGE_SERVER": str(ready.data)}
        worker = subprocess.Popen(["sleep", "600"], pass_fds=[held.fileno()], env=mark)
    (ready.data / "server.json").write_text(json.dumps({"pid": 2**22 - 1, "address": f"http://127.0.0.1:{port}/"}))
    again = ready.start("up", "--empty", "--port", str(port))
    try:
        assert worker.wait(60) == -signal.SIGTERM
        assert processes.wait_until(lambda: answers(port), 180)
    finally:
        again.terminate()
        assert "ended what was left of a killed server" in again.communicate(timeout=30)[0]


def test_down_leaves_their_cluster_to_tests_that_run(clone: Clone) -> None:
    cluster = Cluster(clone.data / "test", durable=False)
    with in_use(cluster):
        with in_use(cluster):
            pass  # another run that is over
        assert "test" not in clone.manage("down").stdout
        assert is_ready(cluster)
    assert server_pid(cluster) is None


def test_it_refuses_a_taken_port_before_anything_long(clone: Clone) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = clone.manage("up", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken by another program.\nFix: choose another: python3 manage.py up --port" in done.stderr
    assert not (clone.data / "database").exists()


def test_it_leaves_the_private_cluster_alone_when_database_url_names_a_server(clone: Clone) -> None:
    other = Cluster(clone.root.parent / "other")
    ensure_running(other)
    try:
        done = clone.manage("up", "--no-serve", "--empty", **addresses(other))
        assert done.returncode == 0, done.stderr
        assert not (clone.data / "database").exists()
        assert clone.manage("down").stdout == "Nothing was running.\n"
        assert server_pid(other) is not None
    finally:
        stop(other)


def test_it_reads_database_url_from_the_dotenv_file(clone: Clone) -> None:
    (clone.root / ".env").write_text("# a comment\nDATABASE_URL='postgresql://x@127.0.0.1:9/wangge'\n")
    done = clone.manage("up", "--no-serve")
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "Fix: see that the server named by DATABASE_URL runs" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (clone.data / "database").exists()


@pytest.fixture(scope="module")
def bare(shared_folder: Path) -> Clone:
    """A checkout whose environment was made but never filled."""
    return copy_checkout(shared_folder / "bare", environment=False)


def test_it_says_that_packages_cannot_be_downloaded(bare: Clone) -> None:
    away = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    done = bare.manage("up", "--no-serve", **away)
    assert done.returncode == 1
    assert "there is no way to the package index.\nFix: connect to the network" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_refuses_a_package_that_differs_from_the_lock(bare: Clone) -> None:
    wheels = bare.root.parent / "wheels"
    wheels.mkdir()
    (wheels / "sqlparse-1.0-py3-none-any.whl").write_bytes(b"not what was locked")
    (bare.root / "requirements.lock").write_text(f"sqlparse==1.0 --hash=sha256:{'0' * 64}\n")
    python = bare.root / ".venv" / "bin" / "python"
    (bare.root / ".venv" / "wangge.stamp").write_text(f"an older lock {os.path.realpath(python)}")
    near = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull}
    done = bare.manage("up", "--no-serve", **near)
    assert done.returncode == 1
    assert "making .venv" not in done.stderr
    assert "differs from the one in requirements.lock, so it was refused" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root meets another user's data")
def test_it_refuses_data_of_another_user(clone: Clone) -> None:
    clone.data.mkdir()
    os.chown(clone.data, 65534, 65534)
    done = clone.manage("up", "--no-serve")
    assert done.returncode == 1
    assert "belongs to the user nobody" in done.stderr


def test_it_names_the_python_it_needs(clone: Clone) -> None:
    manage = (clone.root / "manage.py").read_text()
    (clone.root / "manage.py").write_text(manage.replace("sys.version_info < (3, 11)", "sys.version_info < (9, 9)"))
    done = clone.manage("up")
    assert done.returncode == 1
    assert done.stderr.startswith("Wangge needs Python 3.11 or newer, and this is 3.")
