"""A pair that agrees more is likelier to be one person; a common name says less than a rare one."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gis.people.matching.deciding import SURE, Decision, judge, one_to_one, probabilities
from gis.people.matching.persons import FIELDS, PERSONS
from gis.people.matching.reading import sides
from gis.people.matching.weighing import believed, count_values, ratios
from tests.gis.people.matching.cast import EVERYBODY, matched, person, table

MODEL = replace(believed(PERSONS, 200_000), mates=0.0)


@pytest.mark.parametrize("field", FIELDS)
def test_it_believes_more_where_a_field_agrees_more(field):
    """All else equal, from the closest level to the farthest; a field not given lies between them."""
    at, depth = list(FIELDS).index(field), len(FIELDS[field].levels)
    levels = np.full((depth + 1, len(FIELDS)), 1, np.uint8)
    levels[:, at] = [*range(1, depth + 1), 0]
    weight = ratios(sides({}, {}, PERSONS), MODEL, {}, np.arange(depth + 1), levels)
    rare_first = [weight[0], weight[depth - 1]]
    assert rare_first[0] > weight[depth] > rare_first[1]
    if field in ("sex", "address"):
        assert all(more > less for more, less in pairwise(weight[:depth]))


def test_it_believes_less_in_a_common_name():
    known = [person("王伟", f"19{60 + at % 30}-0{1 + at % 9}-1{at % 10}") for at in range(60)]
    known += [person("逄湜", "1971-02-03"), person("王伟", "1971-02-03")]
    both = sides(table([known[-2], known[-1]]), table(known), PERSONS)
    common = count_values(both)
    pairs = np.array([0, 1]), np.array([len(known), len(known) + 1])
    levels = both.compare(*pairs)
    rare, often = ratios(both, MODEL, common, pairs[0], levels)
    assert rare > often + 2


def test_it_shares_the_probability_between_two_that_fit():
    chance = probabilities(np.array([0, 0, 1]), np.array([30.0, 30.0, 30.0]), 2, MODEL)
    assert chance[0] == pytest.approx(0.5, abs=1e-3)
    assert chance[2] > SURE


def test_it_has_a_clash_looked_at_however_unlikely():
    yes, no = np.array([True]), np.array([False])
    judged = judge(np.array([0]), np.array([4]), np.array([1e-9]), yes, yes, 1)
    assert (judged.decision[0], judged.best[0]) == (Decision.UNSURE, 4)
    judged = judge(np.array([0]), np.array([4]), np.array([1e-9]), yes, no, 1)
    assert (judged.decision[0], judged.best[0]) == (Decision.NEW, -1)


def test_it_gives_each_one_partner_the_heaviest_first():
    stays = one_to_one(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([5.0, 4.0, 6.0]))
    assert stays.tolist() == [False, True, True]


def test_it_keeps_its_beliefs_where_data_are_few():
    learned = matched(EVERYBODY[:2]).model
    for field in FIELDS:
        assert learned.same[field] == pytest.approx(believed(PERSONS, 7).same[field], abs=0.02)
