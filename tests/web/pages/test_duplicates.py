"""Merging from a page: groups with a preview, from the case page, taken apart again; only by whom it is for."""

import pytest
from django.utils import timezone

from gis.models import Incident
from tests.gis.incidents.duplicates.test_grouping import cases

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def pipe(db) -> list[Incident]:
    Incident.objects.all().update(state="closed")
    made = cases(0, 5, 9, at=timezone.now())
    Incident.objects.filter(pk=made[1].pk).update(description="水管爆裂溅到三楼")
    return made


def seen(*incidents: Incident) -> list[str]:
    return [f"{one.number}:{one.revision}" for one in incidents]


def test_groups_are_shown_with_what_is_in_them_and_merged_at_a_click(client_of, pipe):
    first, second, third = pipe
    li = client_of("li")
    page = text(li.get("/duplicates/"))
    assert all(one.number in page for one in pipe)
    assert "水管爆裂溅到三楼" in page
    done = text(li.post("/duplicates/merge/", {"kept": first.number, "case": seen(second, third)}))
    assert "2 件已并入" in done
    assert set(first.merged.all()) == {second, third}
    assert "没有看起来重复的事件" in text(li.get("/duplicates/"))
    steps = [one.steps.get(act="duplicate").pk for one in (second, third)]
    assert "2 件恢复原样" in text(li.post("/duplicates/undo/", {"step": steps}))
    assert not first.merged.exists()


def test_the_kept_case_tells_one_timeline_with_everybodys_words(client_of, pipe):
    first, second, _third = pipe
    client_of("li").post("/duplicates/merge/", {"kept": first.number, "case": seen(second)})
    page = text(client_of("li").get(f"/incidents/{first.number}/"))
    assert "合在一起的上报：2 次" in page
    assert page.count("水管爆裂溅到三楼") >= 1
    assert second.number in page[page.index('id="steps"') :]


def test_similar_open_cases_are_offered_on_the_case_page(client_of, pipe):
    first, second, _third = pipe
    page = text(client_of("zhou").get(f"/incidents/{first.number}/"))
    offered = page[page.index('id="same"') :]
    assert f"{second.number}:{second.revision}" in offered
    assert 'id="same"' not in text(client_of("wang").get(f"/incidents/{first.number}/"))


def test_what_was_seen_before_a_change_is_left_alone_and_said(client_of, pipe):
    first, second, third = pipe
    Incident.objects.filter(pk=third.pk).update(revision=7)
    page = text(client_of("li").post("/duplicates/merge/", {"kept": first.number, "case": seen(second, third)}))
    assert "1 件已并入" in page
    assert "1 件没有动" in page


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 404),
        ({"kept": "没有"}, 404),
        ({"kept": "\x00"}, 404),
        ({"kept": 0}, 422),
        ({"kept": 0, "case": ["没有:1", "\x00:x", ":::"]}, 200),
        ({"kept": 0, "case": [0]}, 422),
    ],
)
def test_nonsense_merges_nothing(client_of, pipe, sent, status):
    number = pipe[0].number
    sent = {name: [number if one == 0 else one for one in value] if isinstance(value, list) else value or number
            for name, value in sent.items()}  # fmt: skip
    assert client_of("li").post("/duplicates/merge/", sent).status_code == status
    assert not Incident.objects.filter(state="duplicate")


@pytest.mark.parametrize(("name", "status"), [("wang", 403), ("he", 403), ("admin", 403), ("chen", 404)])
def test_who_may_not_merges_nothing(client_of, pipe, name, status):
    first, second, _third = pipe
    browser = client_of(name)
    if name != "chen":
        assert browser.get("/duplicates/").status_code == 403
    else:
        assert second.number not in text(browser.get("/duplicates/"))
    answer = browser.post("/duplicates/merge/", {"kept": first.number, "case": seen(second)})
    assert answer.status_code == status
    assert not first.merged.exists()


def test_steps_of_others_are_not_taken_apart(client_of, pipe):
    first, second, _third = pipe
    client_of("li").post("/duplicates/merge/", {"kept": first.number, "case": seen(second)})
    step = second.steps.get(act="duplicate").pk
    client_of("zhou").post("/duplicates/undo/", {"step": [step, "x", "99999999999"]})
    assert first.merged.exists()
