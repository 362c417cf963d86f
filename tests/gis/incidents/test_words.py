"""A search for words finds, by the lists of letter pairs, exactly what reading every text finds."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.incidents.pair_writing import lists_of, write_pairs
from gis.incidents.pairs import BITMAP, LETTER_BITS, PART, Pair, PairNews
from gis.incidents.words import about, ids_about
from gis.models import Incident
from tests.gis.incidents.reported import report

pytestmark = pytest.mark.django_db
TEXTS = [
    "路口积水",
    "积水很深，水深过膝",
    "井盖丢失",
    "水积",
    "",
    "ATM 机旁有 100% 的水",
    "a_b\\c",
    "楼道\n堆放杂物",
    "𠮷野家门前",
]


def told(place: str, description: str) -> Incident:
    incident = report()
    Incident.objects.filter(pk=incident.pk).update(place=place, description=description)
    return incident


def both(text: str) -> tuple[list[int], list[int]]:
    by_lists = ids_about(text)
    assert by_lists is not None
    return by_lists.tolist(), sorted(Incident.objects.filter(about(text)).values_list("pk", flat=True))


WORDS = [
    "积水", "水", "积", "水深", "积水很深", "路口 积水", "积水 路口", "T0000", "100%", "_", "\\", "a_b", "楼道堆放",
    "堆放杂物", "𠮷野", "𠮷", "没有这个词", "膝", "过膝",
]  # fmt: skip


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("text", WORDS)
def test_it_finds_what_reading_every_text_finds(text, written):
    for place in TEXTS:
        told(place, "")
        told("北门", place)
    if written:
        assert write_pairs(enough=1) >= 1
        assert not PairNews.objects.exists()
    found, expected = both(text)
    assert found == expected


def test_it_finds_a_text_that_changed_after_it_was_written():
    incident = told("", "井盖丢失")
    write_pairs(enough=1)
    Incident.objects.filter(pk=incident.pk).update(description="路灯不亮")
    assert incident.pk in ids_about("路灯")
    assert incident.pk not in ids_about("井盖")
    write_pairs(enough=1)
    assert incident.pk in ids_about("路灯")
    assert incident.pk not in ids_about("井盖")


def test_a_step_of_the_workflow_writes_nothing_anew():
    incident = told("", "井盖丢失")
    write_pairs(enough=1)
    Incident.objects.filter(pk=incident.pk).update(state="filed")
    assert not PairNews.objects.exists()


def test_few_new_texts_are_not_worth_writing_a_part():
    told("", "井盖丢失")
    assert write_pairs(enough=10**6) == 0
    assert not Pair.objects.exists()


def test_many_holders_are_kept_as_a_bitmap():
    low = np.arange(BITMAP // 4, dtype=np.int64)
    lists = dict(lists_of(low, ["积水\n"] * len(low)))
    pair = lists[ord("积") << LETTER_BITS | ord("水")]
    assert len(pair) == BITMAP
    assert np.flatnonzero(np.unpackbits(np.frombuffer(pair, dtype=np.uint8))).tolist() == low.tolist()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from("积水深 \n　a"), max_size=8), min_size=1, max_size=6))
def test_every_pair_of_letters_is_listed_and_no_other(texts):
    low = np.array([PART - 1 - 7 * k for k in range(len(texts))], dtype=np.int64)
    listed = {
        (letters, int(number))
        for letters, members in lists_of(low, [f"{text}\n" for text in texts])
        for number in np.frombuffer(members, dtype="<u4")
    }
    expected = {
        (ord(one) << LETTER_BITS | (0 if next_.isspace() else ord(next_)), int(number))
        for number, text in zip(low, texts, strict=True)
        for one, next_ in pairwise(f"{text}\n")
        if not one.isspace()
    }
    assert listed == expected
