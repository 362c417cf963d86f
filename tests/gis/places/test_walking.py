"""The order of a walk: what must hold for any places, and the same answers as on the phone."""

import json
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gis.places.walking import _nearest_first, length, walk, walk_tiers

CASES = Path(__file__).with_name("walking_cases.json")
points = st.lists(st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000)), max_size=14)
starts = st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000))


@given(points)
def test_it_goes_to_every_place_once(places):
    assert sorted(walk(places)) == list(range(len(places)))
    assert walk(places) == walk(list(places))


@settings(max_examples=200)
@given(points, starts)
def test_it_is_never_longer_than_going_to_the_nearest_next(places, start):
    plain = length(places, _nearest_first(places, start), start)
    assert length(places, walk(places, start), start) <= plain + 1e-3


@given(points, starts, st.data())
def test_the_late_come_first(places, start, data):
    late = data.draw(st.lists(st.booleans(), min_size=len(places), max_size=len(places)))
    order = walk_tiers(places, late, start)
    assert sorted(order) == list(range(len(places)))
    assert [late[number] for number in order] == sorted(late, reverse=True)


def test_along_a_street_it_goes_from_end_to_end():
    street = [(x, 0) for x in (400, 0, 300, 100, 200)]
    assert walk(street, (-50, 0)) == [1, 3, 4, 2, 0]
    assert walk(street) in ([1, 3, 4, 2, 0], [0, 2, 4, 3, 1])


def test_it_untangles_what_the_nearest_next_leaves_behind():
    places = [(0, 0), (100, 0), (-110, 0), (230, 0), (-360, 0)]
    start = (0, 1)
    assert length(places, walk(places, start), start) < length(places, _nearest_first(places, start), start)


def made_cases() -> list[dict]:
    pick, cases = random.Random(5), []
    for size in (0, 1, 2, 3, 5, 8, 13, 25, 60):
        for start in (None, (pick.randrange(-4000, 4000), pick.randrange(-4000, 4000))):
            places = [(pick.randrange(-3000, 3000), pick.randrange(-3000, 3000)) for _ in range(size)]
            late = [pick.random() < 0.3 for _ in places]
            order = walk_tiers(places, late, start)
            cases.append({"points": places, "late": late, "start": start, "order": order})
    grid = [(x * 200, y * 200) for x in range(6) for y in range(6)]
    cases.append({"points": grid, "late": [False] * 36, "start": None, "order": walk_tiers(grid, [False] * 36)})
    return cases


def test_the_phone_is_held_to_these_very_answers():
    """The file is what the browser's tests read; made anew by `python -m tests.gis.places.test_walking`."""
    assert json.loads(CASES.read_text("utf-8")) == json.loads(json.dumps(made_cases()))


if __name__ == "__main__":
    CASES.write_text(json.dumps(made_cases(), separators=(",", ":")) + "\n", "utf-8")
