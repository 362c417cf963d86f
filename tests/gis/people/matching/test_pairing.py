"""It compares the few pairs worth it: never all, however many share a phone, a day or a name."""

import numpy as np
import pytest

from gis.people.matching.pairing import pair
from gis.people.matching.persons import PERSONS
from gis.people.matching.reading import sides
from tests.gis.people.matching.cast import EVERYBODY, FATHER, decided, matched, person, table

CROWD = 500


def pairs_of(rows, known) -> set[tuple[int, int]]:
    both = sides(table(rows), table(known), PERSONS)
    found = pair(both)
    return set(zip(found.one.tolist(), (found.other - both.start).tolist(), strict=True))


@pytest.mark.parametrize("field", ["identity", "phone", "address", "birth", "name"])
def test_it_finds_a_pair_though_a_field_is_lost(field):
    rows = [row | {field: ""} for row in EVERYBODY]
    assert {(at, at) for at in range(len(EVERYBODY))} <= pairs_of(rows, EVERYBODY)


@pytest.mark.parametrize(
    "shared",
    [
        {"phone": "12900000000"},
        {"birth": "1900-01-01"},
        {"address": "集体户口1号楼101室"},
        {"name": "王伟", "birth": "1980-01-01", "sex": "1"},
        {"identity": "110113190001010001", "name": "王伟"},
        {"name": "王伟", "birth": "1980-01-01", "phone": "12900000000", "address": "集体户口1号楼101室", "sex": "1"},
    ],
)
def test_it_keeps_a_crowd_small(shared):
    rng = np.random.default_rng(3)
    signs = "伟强勇军杰涛超国建华志海明辉平刚峰斌红芳敏静丽艳英兰珍玉娟雨欣怡诗婷燕梅"
    people = [
        person("".join(rng.choice(list(signs), 3)), f"{1940 + at % 70}-{1 + at % 12:02}-{1 + at % 28:02}", "12"[at % 2])
        | {"phone": f"129{at:08}", "address": f"园{at}号楼{at}室"}
        | shared
        for at in range(CROWD)
    ]
    both = sides(table(people), table(people), PERSONS)
    found = pair(both)
    assert len(found.one) < 70 * CROWD
    assert len(set(zip(found.one.tolist(), found.other.tolist(), strict=True))) == len(found.one)


def test_it_tells_how_many_rows_a_crowd_left_out():
    people = [person("王伟", "1980-01-01", "1", phone="12900000000") for _ in range(CROWD)]
    both = sides(table(people), table(people), PERSONS)
    assert pair(both).crowded["phone.number"] == CROWD


def test_it_shows_a_name_alone_where_few_have_it():
    assert decided({"name": "欧阳静怡"}) == ("unsure", 5)
    assert {"赵建国"} == {EVERYBODY[at]["name"] for at in matched([{"name": "赵建国"}]).known}


def test_it_compares_a_sheet_with_itself_each_pair_once():
    both = sides(table([FATHER, FATHER, FATHER]), None, PERSONS)
    found = pair(both)
    assert list(zip(found.one.tolist(), found.other.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]
