"""`/metrics`: it …"""

import json
import re
import urllib.request
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.db import connection

from tests.serving import ROOT, a_server
from web.operation.metrics.asked import Asked

TOKEN = "a token for the monitor, long enough"


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}x", TOKEN, "Bearer 令牌"])
def test_it_is_not_there_for_others(given: str, client, db, settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_it_opens_to_a_network(client, db, settings) -> None:
    settings.METRICS_NETWORKS = [ip_network("10.20.0.0/16"), ip_network("fd00:20::/32"), ip_network("::1/128")]
    assert client.get("/metrics", REMOTE_ADDR="10.20.3.4").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="fd00:20::7").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::2").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="::ffff:10.20.3.4").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.21.3.4").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="10.21.3.4", HTTP_X_FORWARDED_FOR="10.20.3.4").status_code == 404


def test_it_says_that_the_database_is_away(own_town: str, monkeypatch) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        told = {family.name: family.samples for family in Asked().collect()}
    assert told["wangge_database_up"][0].value == 0
    assert "wangge_jobs" not in told


def test_it_tells_what_waits(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        for state, at in (("todo", "-90 s"), ("todo", "1 day"), ("failed", "-1 day")):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
                " VALUES ('q', 'x', %s::procrastinate_job_status, now() + %s::interval)",
                [state, at],
            )
    told = {family.name: family.samples for family in Asked().collect()}
    assert {(one.labels["queue"], one.labels["state"]): one.value for one in told["wangge_jobs"]} == {
        ("q", "todo"): 2,
        ("q", "failed"): 1,
    }
    assert told["wangge_job_waits_seconds"][0].value == 90
    assert told["wangge_database_bytes"][0].value > 10**6
    assert (
        0
        < sum(one.value for one in told["wangge_database_connections"])
        <= told["wangge_database_connections_most"][0].value
    )


def test_it_counts_the_requests_of_all_processes(own_town: str, tmp_path: Path) -> None:
    """Two workers, each asked by chance: the counts of both are in every answer."""
    (tmp_path / "counts").mkdir()
    (tmp_path / "backup.json").write_text(
        json.dumps({"at": "2026-11-27T00:00:00+00:00", "file": "x", "size": 7, "verified": True})
    )
    settings = {
        "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "counts"),
        "WANGGE_DATA": str(tmp_path),
    }
    with a_server(own_town, tmp_path / "log", processes=2, **settings) as server:
        for _ in range(20):
            with urllib.request.urlopen(f"{server}/community/?q=secret") as answer:  # noqa: S310 - our own address
                answer.read()
        asking = urllib.request.Request(f"{server}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})  # noqa: S310
        told = {_told(asking) for _ in range(4)}
    counts = {re.search(r'wangge_requests_total\{[^}]*route="community-finder"[^}]*\} (\S+)', one)[1] for one in told}
    assert counts == {"20.0"}
    one = told.pop()
    rules = (ROOT / "README.md").read_text().partition("groups:")[2].partition("### Live")[0]
    assert set(re.findall(r"wangge_\w+", rules)) <= set(re.findall(r"^wangge_\w+", one, re.MULTILINE))
    assert "wangge_database_up 1.0" in one
    assert "wangge_backup_verified 1.0" in one
    assert 'wangge_request_seconds_bucket{le="0.05",route="community-finder"}' in one
    assert "secret" not in one
    assert "/community" not in one


def _told(asking: urllib.request.Request) -> str:
    with urllib.request.urlopen(asking) as answer:  # noqa: S310 - our own address
        return answer.read().decode()
