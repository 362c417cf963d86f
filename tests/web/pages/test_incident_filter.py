"""The incidents' filter in an address: one meaning everywhere."""

import re
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.utils import timezone

from gis.incidents.finding import find_incidents, this_second
from gis.incidents.incident import State
from gis.models import Building, Category, Incident, SavedFilter, User
from layers import incident_copy
from tests.web.pages.street import OTHER_STREET, STREET, A, D
from web.pages.incident_filter import read_fields, write_filter

pytestmark = pytest.mark.django_db
WINDOW = {"bbox": "116,40,117,41", "zoom": "11"}


@pytest.fixture(autouse=True)
def _from_cold():
    incident_copy.forget()
    yield
    incident_copy.forget()


def clusters(browser, query: str = "", **window) -> dict:
    answer = browser.get(f"/map/incidents/?{urlencode(WINDOW | window)}&{query}", HTTP_ACCEPT="*/*")
    assert answer.status_code == 200, answer.content
    return answer.json()


def listed(browser, query: str) -> int:
    page = browser.get(f"/incidents/?{query}").content.decode()
    return int(re.search(r'data-found="(\d+)"', page)[1])


def random_query(random: Random) -> str:
    day = timezone.localdate() - timedelta(days=random.randrange(60))
    offered = {
        "state": [*State.values, "open", "ended", "lost"],
        "category": [*Category.objects.filter(incident__isnull=False).values_list("pk", flat=True)[:3], 10**8],
        "major": ["环境卫生", "没有"],
        "area": [A, D, STREET, OTHER_STREET, "x"],
        "late": ["1"],
        "department": ["0", "1"],
        "origin": ["worker", "hotline"],
        "days": ["1", "7", "30"],
        "first": [str(day)],
        "last": [str(day)],
    }
    names = random.sample(sorted(offered), random.randrange(4))
    return urlencode([(name, value) for name in names for value in random.sample(offered[name], 1)])


@pytest.mark.parametrize("name", ["paper-street", "paper-worker", "paper-district"])
def test_the_clusters_the_list_and_the_database_count_the_same(staff, name):
    browser, random = staff(name), Random(name)
    scope = User.objects.get(username=name).access.which("incident.read")
    for _ in range(12):
        query = random_query(random)
        found = clusters(browser, query)
        assert found["total"] == found["here"] == sum(one[2] for one in found["clusters"]) == listed(browser, query)
        assert found["total"] == find_incidents(read_fields(QueryDict(query), []), scope, this_second()).count()


def test_a_filter_is_written_always_the_same_and_read_back():
    typed = "state=open&late=1&category=9&category=3&days=30&first=2026-01-01&area=990101&page=3&nonsense=1"
    wanted = read_fields(QueryDict(typed), [])
    assert write_filter(wanted) == "area=990101&category=3&category=9&state=open&late=1&days=30"
    assert read_fields(QueryDict(write_filter(wanted)), []) == wanted
    assert write_filter(read_fields(QueryDict(""), [])) == ""


@pytest.mark.parametrize(
    "typed",
    ["state=lost", "area=99x", "category=x", "department=-1", "origin=space", "days=many", "first=2026-02-30",
     "last=9999-01-01", "late=yes", "building=0", "first=2026-03-02&last=2026-03-01"],
)  # fmt: skip
def test_it_says_what_of_a_filter_it_left_out(staff, typed):
    notices: list[str] = []
    read_fields(QueryDict(typed), notices)
    assert len(notices) == 1
    assert notices[0] in staff("paper-street").get(f"/incidents/?{typed}").content.decode()


def test_it_says_so_where_the_words_are_forgotten(staff):
    assert "已经失效" in staff("paper-street").get("/incidents/?held=abc").content.decode()


def test_every_choice_leads_to_as_many_as_it_says(staff):
    browser = staff("paper-district")
    page = browser.get("/incidents/?state=open").content.decode()
    groups = dict(re.findall(r'data-facet="(\w+)">(.*?)</details>', page, flags=re.S))
    choice = re.compile(r'data-filter="([^"]*)" rel="nofollow"><span>[^<]*</span> <span class="number">(\d+)')
    for name in ("kind", "area", "department", "origin"):
        query, number = choice.findall(groups[name])[-1]
        assert listed(browser, query.replace("&amp;", "&")) == int(number) > 0, name
    late, number = choice.findall(groups["state"])[0]
    assert listed(browser, late.replace("&amp;", "&")) == int(number) == 4


def test_a_filter_that_finds_nothing_names_what_stands_in_the_way(staff):
    page = staff("paper-street").get("/incidents/?state=open&first=2001-01-01&last=2001-02-01").content.decode()
    assert "没有符合条件的事件" in page
    assert "去掉“时间”：6 条" in page
    assert "去掉“状态”" not in page


def test_words_are_held_for_the_map_as_for_the_list(staff):
    browser = staff("paper-street")
    answer = browser.post("/incidents/", {"text": "第2处", "state": "open"}, HTTP_ACCEPT="*/*").json()
    assert answer["query"].startswith("state=open&held=")
    assert clusters(browser, answer["query"])["total"] == 3
    assert clusters(staff("paper-district"), answer["query"])["total"] > 3  # another session does not know the words


def test_what_lies_in_a_window_is_listed_a_page_at_a_time(staff):
    browser = staff("paper-street")
    here = browser.get("/map/incidents/list/", {"bbox": "116.60,40.10,116.6099,40.1099"}).content.decode()
    assert here.count("data-incident=") == Incident.objects.filter(area=A).count() == 3
    assert browser.get("/map/incidents/list/", {"bbox": "10,10,11,11"}).content.decode().count("data-incident=") == 0
    for wrong in ({}, {"bbox": "x"}, {"bbox": "nan,1,2,3"}, {"bbox": "5,5,1,1"}):
        assert browser.get("/map/incidents/list/", wrong, HTTP_ACCEPT="*/*").status_code == 400
        assert browser.get("/map/incidents/", wrong, HTTP_ACCEPT="*/*").status_code == 400


def test_a_lone_incident_is_named_and_its_panel_leads_to_its_record(staff):
    browser = staff("paper-worker")
    Incident.objects.filter(area=A).exclude(number="99001001001-2").delete()
    (alone,) = clusters(browser)["clusters"]
    assert alone[2:6] == [1, 1, 1, 0]
    assert alone[6] == "99001001001-2"
    panel = browser.get(f"/map/panel/incident/{alone[6]}/").content.decode()
    assert 'href="/incidents/99001001001-2/"' in panel
    assert staff("paper-other").get(f"/map/panel/incident/{alone[6]}/").status_code == 404


def test_it_sorts_by_what_is_asked_and_turns_pages(staff):
    Incident.objects.filter(number="99001001001-1").update(due_at=timezone.now() - timedelta(days=900))
    browser = staff("paper-street")

    def numbers(query: str) -> list[str]:
        return re.findall(
            r'<a class="code" href="/incidents/([^/]+)/"', browser.get(f"/incidents/?{query}").content.decode()
        )

    newest = list(
        Incident.objects.filter(area__startswith=STREET)
        .order_by("-reported_at", "-pk")
        .values_list("number", flat=True)
    )
    assert numbers("") == newest
    assert numbers("sort=at") == newest[::-1]
    assert numbers("sort=due")[0] == "99001001001-1"
    assert numbers("sort=nonsense") == newest
    assert numbers("page=99") == newest


def test_a_filter_is_kept_under_a_name_opened_replaced_and_dropped(staff):
    browser = staff("paper-street")
    query = browser.post("/incidents/", {"text": "第2处", "state": "open"}, HTTP_ACCEPT="*/*").json()["query"]
    assert browser.post(f"/incident-filters/?{query}", {"name": "我的"}).status_code == 302
    kept = SavedFilter.objects.get()
    assert "第2处" not in kept.query + str(kept) + repr(bytes(kept.words))
    opened = browser.get(f"/incident-filters/{kept.pk}/", follow=True)
    assert "共 3 条" in opened.content.decode()
    assert browser.post("/incident-filters/?late=1", {"name": "我的"}).status_code == 302
    assert SavedFilter.objects.get().query == "late=1"
    assert staff("paper-district").get(f"/incident-filters/{kept.pk}/").status_code == 404
    assert staff("paper-district").post(f"/incident-filters/{kept.pk}/").status_code == 404
    assert browser.post("/incident-filters/?late=1", {"name": " "}).status_code == 400
    assert browser.post(f"/incident-filters/{kept.pk}/").status_code == 302
    assert not SavedFilter.objects.exists()


def test_a_building_asked_for_is_named_only_to_who_may_see_it(staff):
    building = Building.objects.filter(area=D).first()
    page = staff("paper-street").get(f"/incidents/?building={building.pk}").content.decode()
    assert building.label not in page
    assert "未知楼栋" in page
