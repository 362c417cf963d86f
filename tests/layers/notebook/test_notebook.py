"""What analysts get in a notebook: the figures of the map, in scope of a token, and nobody's name."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

import layers
from gis.accounts.token import digest_of, new_text
from gis.errors import NotAllowed, OutOfScope, WanggeError
from gis.models import Resident, Token
from layers.notebook import session
from layers.notebook.session import asking
from layers.values import HIDDEN, Question, values
from tests.cast import COMMUNITY, OTHER_STREET, POSTINGS, STREET

ROOT = Path(__file__).resolve().parents[3]
BOTH = ("people.count", "incident.read")


@pytest.fixture
def token_of(cast, monkeypatch):
    """Signs in with a token of somebody's, as a notebook does."""
    monkeypatch.setattr(session, "_session", None)

    def issue(name: str, capabilities: tuple[str, ...] = BOTH, **facts) -> str:
        text, now = new_text(), timezone.now()
        given = {"area": POSTINGS[name][1], "per_minute": 6000, "expires_at": now + timedelta(days=1)} | facts
        Token.objects.create(
            name="trial", user=cast[name], capabilities=list(capabilities), digest=digest_of(text), ending=text[-4:],
            issued_by=cast.admin, **given,
        )  # fmt: skip
        monkeypatch.setenv("WANGGE_TOKEN", text)
        layers.sign_in(language="en")
        return text

    return issue


def test_it_gives_the_cells_of_the_token_with_the_figures_of_the_map(token_of, cast):
    token_of("li")
    cells = layers.cells("population", "risk")
    shown = values(Question("cells", "population"), cast.li.access)
    assert cells.index.tolist() == shown.places.codes.tolist()
    np.testing.assert_array_equal(cells["population"].to_numpy(), shown.values.astype(float))
    assert (cells["population_state"] == "hidden").tolist() == (shown.state == HIDDEN).tolist()
    assert cells.crs.to_epsg() == 4326
    assert cells.geometry.is_valid.all()


def test_it_gives_nothing_of_another_street(token_of):
    token_of("li")
    assert all(code.startswith(STREET) for code in layers.cells().index)
    assert all(code.startswith(STREET) for code in layers.areas("community").index)
    assert all(code.startswith(STREET) for code in layers.incidents(days=None)["area"])
    for ask in (layers.cells, layers.incidents, layers.risk_table):
        with pytest.raises(OutOfScope):
            ask(within=OTHER_STREET)


def test_it_narrows_to_an_area_of_the_token_and_to_one_asked_for(token_of):
    token_of("li", area=COMMUNITY)
    assert all(code.startswith(COMMUNITY) for code in layers.cells("population").index)
    token_of("li")
    assert all(code.startswith(COMMUNITY) for code in layers.risk_table(within=COMMUNITY).index)


@pytest.mark.parametrize(
    ("capabilities", "ask"),
    [(("incident.read",), lambda: layers.cells("population")),
     (("incident.read",), lambda: layers.cells("need_elder_alone")),
     (("people.count",), lambda: layers.cells("risk")),
     (("people.count",), layers.incidents)],
)  # fmt: skip
def test_it_gives_no_figure_the_token_does_not_hold(token_of, capabilities, ask):
    token_of("li", capabilities)
    with pytest.raises(NotAllowed):
        ask()


def test_a_token_without_people_has_no_risk_made_of_people(token_of):
    token_of("li", ("incident.read",))
    without = layers.risk_table()
    token_of("li")
    assert {"alone", "needs", "density"} & set(layers.risk_table()) > {"alone", "needs", "density"} & set(without)
    assert not {"alone", "needs"} & set(without)


def test_a_planner_has_no_incidents(token_of):
    token_of("zhao")
    with pytest.raises(NotAllowed):
        layers.incidents()


def test_what_risk_is_made_of_sums_up_to_the_score(token_of):
    token_of("sun")
    table = layers.risk_table()
    points = table[[name for name in table if name.endswith("_points")]].sum(axis=1)
    known = table["score"].notna()
    assert known.any()
    np.testing.assert_allclose(points[known] + table.attrs["typical"], table["score"][known])
    assert table["score"][known].is_monotonic_decreasing


def test_no_person_is_seen_inside_a_call(token_of, cast):
    assert Resident.objects.exists()
    token_of("wang")
    with asking(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM grid_resident")
        assert cursor.fetchone() == (0,)


def test_incidents_are_those_of_the_list_and_tell_nobodys_words(token_of):
    from gis.incidents.finding import Wanted, find_incidents

    token_of("li")
    frame = layers.incidents(days=None, states=("open",))
    with asking() as access:
        found = find_incidents(Wanted(states=frozenset({"open"})), access.which("incident.read"))
        assert sorted(frame.index) == sorted(found.values_list("number", flat=True))
    assert not {"description", "reporter", "phone"} & set(frame.columns)


def test_it_gives_cells_as_they_were_drawn(token_of):
    token_of("li")
    today = layers.cells("population")
    same = layers.cells("population", on=timezone.localdate())
    assert same.geometry.geom_equals(today.geometry).all()
    np.testing.assert_array_equal(same["population"], today["population"])
    assert len(layers.areas("community", on=timezone.localdate())) == len(layers.areas("community"))


@pytest.mark.parametrize(
    "ask",
    [lambda: layers.cells("shoe_size"), lambda: layers.areas("moon"), lambda: layers.cells("population", days=5),
     lambda: layers.cells(on="yesterday"), lambda: layers.cells(on="2999-01-01"), lambda: layers.incidents(first="x"),
     lambda: layers.incidents(kinds=("nothing",)), lambda: layers.cells("population", within="abc"),
     lambda: layers.draw(layers.cells(), "shoe_size"), lambda: layers.draw(layers.cells().iloc[:0])],
)  # fmt: skip
def test_it_refuses_what_there_is_not(token_of, ask):
    token_of("li")
    with pytest.raises(WanggeError):
        ask()


@pytest.mark.parametrize(
    "facts",
    [{"revoked_at": timezone.now()}, {"per_minute": 1},
     {"issued_at": timezone.now() - timedelta(days=9), "expires_at": timezone.now() - timedelta(days=1)}],
)  # fmt: skip
def test_a_token_that_is_not_good_opens_nothing(token_of, facts):
    with pytest.raises(NotAllowed):  # the second request of one with one a minute
        token_of("li", **facts) and layers.cells()


def test_it_says_nothing_of_the_token(token_of):
    text = token_of("li")
    assert text not in repr(session._session)


def test_names_are_written_as_text_in_a_map(token_of):
    token_of("li")
    cells = layers.cells("population")
    cells["name"] = "<script>alert(1)</script>{{ 7 * 7 }}"
    page = layers.draw(cells, "population").get_root().render()
    assert "<script>alert(1)" not in page
    assert "7 * 7" in page  # the template was not run


def test_a_map_fetches_nothing(token_of):
    token_of("li")
    page = layers.draw(layers.incidents(days=None), "major").get_root().render()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page)


def test_it_works_inside_an_event_loop_and_says_what_is_missing():
    """As in Jupyter: another process, with nothing of Django made ready, in a running loop."""
    code = "import asyncio, layers\nasync def cell(): layers.sign_in()\nasyncio.run(cell())"
    kept = {name: value for name, value in os.environ.items() if name != "WANGGE_TOKEN"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
    assert "NotAllowed: 没有令牌。" in done.stderr


def test_the_worked_notebook_runs(token_of, tmp_path, monkeypatch):
    token_of("sun")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "layers/notebook/README.md").read_text(), re.DOTALL)
    names: dict = {}
    for block in blocks:
        exec(block, names)  # noqa: S102 - our own documentation
    assert len(blocks) >= 6
    assert len(names["joined"]) == len(names["cells"]) > 0
    assert (tmp_path / "risk.html").stat().st_size > 100_000
