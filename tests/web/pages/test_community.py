"""A community's page, read for what it must tell and for what it must never tell."""

import re
from datetime import timedelta

import pytest
from django.contrib.gis.geos import MultiPolygon
from django.utils import timezone

from gis.incidents.incident import State
from gis.incidents.step import Act
from gis.models import Building, Bulletin, Category, Incident, Publication, Step, User
from tests.browsing import Browser
from tests.web.pages.street import EAST, STREET, WEST, A, B, C

pytestmark = pytest.mark.usefixtures("street")
PAGE = f"/community/{EAST}/"


def read(address: str = PAGE, **more) -> str:
    answer = Browser().get(address, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def latest(area: str = A) -> Incident:
    return Incident.objects.filter(area=area, state=State.IN_PROGRESS).latest("pk")


def staff() -> User:
    return User.objects.get(username="paper-community")


def test_it_tells_what_was_reported_coarsely():
    page = read()
    assert "暴露垃圾" in page
    assert "纸上大街" in page
    assert re.search(r"月\d+日(上午|下午)", page)


def test_it_counts_and_shows_the_fraction():
    """In 90 days each of the two cells of the community has two, one of them late, none done."""
    page = read()
    assert "<b>4</b><span>件反映" in page
    assert '<b>0 %</b><span>按时办结率 <span class="fraction">0/2</span>' in page


def close(*spans: tuple[int, int, int, int]) -> None:
    """Close as many cases, and leave no other: days ago and hour of the report, days later and hour of the end."""
    cases = list(Incident.objects.filter(area__in=[A, B]).order_by("pk"))
    today = timezone.localtime().replace(minute=40, second=0, microsecond=0)
    for case, (ago, hour, later, end) in zip(cases, spans, strict=False):
        came = today.replace(hour=hour) - timedelta(days=ago)
        done = came.replace(hour=end) + timedelta(days=later)
        Incident.objects.filter(pk=case.pk).update(state=State.CLOSED, reported_at=came, closed_at=done)
    Incident.objects.exclude(pk__in=[case.pk for case in cases[: len(spans)]]).delete()


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([(5, 8, 0, 9), (5, 20, 0, 21)], "<b>当天</b><span>就办结了一半"),
        ([(5, 23, 1, 0), (5, 1, 1, 23)], "<b>1.0</b><span>天内办结了一半"),
        ([(5, 8, 0, 21), (5, 20, 1, 6)], "<b>0.5</b><span>天内办结了一半"),
        ([], "<b>–</b><span>天内办结了一半"),
    ],
)
def test_how_long_it_took_is_told_from_day_to_day_whatever_the_hours(spans, said):
    """Of so few cases, hours would tell when in its half day one was reported."""
    close(*spans)
    assert said in read()


@pytest.mark.parametrize("hour", [0, 23])
def test_a_case_is_counted_for_whole_days_and_falls_out_at_midnight(hour):
    close((90, hour, 3, 12))
    assert "<b>1</b><span>件反映" in read()
    close((91, hour, 3, 12))
    assert "<b>0</b><span>件反映" in read()


def test_a_rate_of_nothing_is_a_dash():
    Incident.objects.all().delete()
    assert "<b>–</b><span>按时办结率 </span>" in read()


def test_it_never_tells_what_was_written_where_exactly_or_when():
    incident = latest()
    Incident.objects.filter(pk=incident.pk).update(description="密䶮描述", place="密䶮门牌3单元402")
    Step.objects.create(incident=incident, at=timezone.now(), after=incident.state, note="密䶮内部", actor=staff())
    for address in (PAGE, f"{PAGE}cases/"):
        page = read(address)
        assert "密䶮" not in page
        assert incident.number not in page
        assert f"{incident.position.x:.4f}" not in page
        assert not re.search(r"\d\d:\d\d", re.sub(r"<svg.*?</svg>", "", page))  # of whatever hour


def test_a_category_that_is_not_public_is_nowhere():
    private = Category.objects.get(kind="community", code="C0603")
    assert not private.is_public
    Incident.objects.filter(area=A).update(category=private)
    page = read()
    assert "婚姻家庭纠纷" not in page
    assert "<b>2</b><span>件反映" in page


@pytest.mark.parametrize("state", [State.REJECTED, State.DUPLICATE])
def test_what_is_no_case_any_more_is_nowhere(state):
    Incident.objects.filter(area=A).update(state=state)
    assert "<b>2</b><span>件反映" in read()


def test_one_that_staff_hid_is_nowhere():
    for incident in Incident.objects.filter(area__in=[A, B]):
        Publication.objects.create(incident=incident, hidden=True, text="密䶮", by=staff(), at=timezone.now())
    page = read()
    assert "密䶮" not in page
    assert "<b>0</b><span>件反映" in page


def test_it_shows_the_texts_that_staff_marked():
    Publication.objects.create(
        incident=latest(), text="东门外的垃圾堆", result="当天清运", by=staff(), at=timezone.now()
    )
    page = read()
    assert "东门外的垃圾堆" in page
    assert "当天清运" in page


def test_a_public_note_is_shown_and_one_that_names_somebody_only_once_it_was_looked_at():
    incident, now = latest(), timezone.now()
    notes = [("已通知环卫清运。", True), ("已电话告知王女士13800138000。", True), ("内部讨论", False)]
    steps = [
        Step.objects.create(
            incident=incident, at=now, after=incident.state, act=Act.ANSWER, note=note, is_public=public, actor=staff()
        )
        for note, public in notes
    ]
    page = read()
    assert "已通知环卫清运。" in page
    assert "13800138000" not in page
    assert "内部讨论" not in page
    Publication.objects.create(incident=incident, cleared=[steps[1].pk], by=staff(), at=now)
    assert "王女士" in read()


def test_it_is_of_one_community_alone():
    Incident.objects.filter(area__startswith=WEST).update(category=Category.objects.get(kind="community", code="C0401"))
    assert "路灯不亮" in read(f"/community/{WEST}/")
    assert "路灯不亮" not in read()


@pytest.mark.parametrize("code", [STREET, A, "999999999999", "x", "99", C[:11]])
def test_anything_but_a_community_is_not_found(code):
    assert Browser().get(f"/community/{code}/").status_code == 404


@pytest.mark.parametrize("address", ["/community/", PAGE, f"{PAGE}cases/", f"{PAGE}wishes/", "/community/nowhere/"])
def test_it_sets_no_cookie_and_loads_nothing_from_elsewhere(address):
    answer = Browser().get(address)
    assert not answer.cookies
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", answer.content.decode())


def test_it_speaks_english_on_asking():
    page = read(HTTP_ACCEPT_LANGUAGE="en")
    assert "Done lately" in page
    assert "Exposed rubbish" in page


def test_the_language_is_chosen_without_an_account():
    visitor = Browser()
    assert visitor.post("/community/language/", {"language": "en", "next": PAGE}).status_code == 302
    assert "Done lately" in visitor.get(PAGE).content.decode()


def test_it_tells_what_is_said_to_the_community_and_to_the_street_above():
    now = timezone.now()
    told = {"text": "欢迎", "by": staff(), "shown_from": now - timedelta(hours=1)}
    Bulletin.objects.create(area=EAST, title="东社区义诊", kind="event", starts=now + timedelta(days=1), **told)
    Bulletin.objects.create(area=STREET, title="全街停水", **told)
    Bulletin.objects.create(area=WEST, title="西社区的事", **told)
    Bulletin.objects.create(area=EAST, title="撤下的事", withdrawn=True, **told)
    Bulletin.objects.create(area=EAST, title="过去的事", shown_until=now - timedelta(minutes=1), **told)
    Bulletin.objects.create(area=EAST, title="将来的事", **told | {"shown_from": now + timedelta(days=1)})
    page = read()
    assert "东社区义诊" in page
    assert "全街停水" in page
    assert not re.search("西社区的事|撤下的事|过去的事|将来的事", page)


def test_the_map_tells_squares_not_points():
    page = read()
    drawing = re.search(r"<svg class=\"sketch heat\".*?</svg>", page, re.S)[0]
    squares = set(re.findall(r"<rect class=\"heat-\d\" x=\"([\d.-]+)\" y=\"([\d.-]+)\" width=\"([\d.]+)\"", drawing))
    assert len(squares) == 2  # one for each cell's place
    assert {side for _x, _y, side in squares} == {"131.0"}  # 100 m at 40° N
    assert "circle" not in drawing


def test_places_of_as_many_cases_stand_by_name_whichever_was_written_to_last():
    since = timezone.now() - timedelta(days=90)
    cases = Incident.objects.filter(area__startswith=EAST, reported_at__gte=since).order_by("pk")
    for road, case in zip("丙甲乙丁", cases, strict=True):
        square = case.position.buffer(1e-5)
        house = Building.objects.create(code=road, road=f"{road}路", area=case.area, geometry=MultiPolygon(square))
        Incident.objects.filter(pk=case.pk).update(building=house)
    assert re.findall(r'<th scope="row">(.)路</th>', read()) == sorted("丙甲乙丁")


def test_the_finder_goes_by_name_by_compound_and_by_position():
    visitor = Browser()
    assert "东社区" in visitor.get("/community/").content.decode()
    assert visitor.post("/community/", {"q": "东社区"}).headers["Location"] == PAGE
    assert visitor.post("/community/", {"q": "西园北区"}).headers["Location"] == f"/community/{WEST}/"
    assert visitor.post("/community/", {"lat": "40.105", "lon": "116.605"}).headers["Location"] == PAGE
    assert "不在任何社区" in visitor.post("/community/", {"lat": "10", "lon": "10"}).content.decode()
    assert "没有找到这个名称" in visitor.post("/community/", {"q": "没有的地方"}).content.decode()
    assert visitor.post("/community/", {"lat": "x", "lon": "1"}).status_code == 422
