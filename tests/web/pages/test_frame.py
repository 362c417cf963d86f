"""The frame of every page: who, where, the ways to go, the language, the warning that the town is invented."""

import pytest

from gis.models import Area, Posting
from tests.web.pages.street import A

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        ("paper-worker", ["地图", "概览", "待办", "楼栋", "居民", "一表通", "事件", "评价指标", "报表", "外勤"]),
        (
            "paper-street",
            [
                "地图",
                "概览",
                "待办",
                "楼栋",
                "居民",
                "一表通",
                "事件",
                "评价指标",
                "派遣",
                "网格方案",
                "社区服务",
                "报表",
            ],
        ),
        ("paper-officer", ["地图", "概览", "待办", "楼栋", "一表通", "事件", "评价指标", "报表"]),
        ("paper-planner", ["地图", "概览", "楼栋", "网格方案", "报表"]),
        ("paper-admin", ["地图", "概览", "楼栋", "一表通", "事件类别", "报表", "管理"]),
    ],
)
def test_it_offers_the_ways_the_role_may_go(staff, who, ways):
    assert [link["name"] for link in staff(who).get("/buildings/").context["links"]] == ways


def test_it_lights_up_where_one_is(staff):
    links = staff("paper-worker").get("/incidents/99001001001-2/").context["links"]
    assert [link["name"] for link in links if link["here"]] == ["事件"]


def test_it_names_the_person_their_role_and_their_area(staff):
    page = text(staff("paper-worker").get("/buildings/"))
    assert "职员grid" in page
    assert "网格员" in page
    assert "东社区第1网格" in page


def test_it_warns_that_the_town_is_invented(staff):
    browser = staff("paper-worker")
    assert "演示数据" in text(browser.get("/buildings/"))
    Area.objects.filter(source="demo").update(source="")
    assert "演示数据" not in text(browser.get("/buildings/"))


def test_it_offers_the_demonstration_accounts_only_in_the_demonstration(client):
    assert "Wangge-demo-2026" in text(client.get("/sign-in/"))
    Area.objects.filter(source="demo").update(source="")
    page = text(client.get("/sign-in/"))
    assert "Wangge-demo-2026" not in page
    assert "演示账号" not in page


def test_it_offers_no_account_whose_posting_has_ended(client):
    Posting.objects.filter(user__username="li").update(ends="2024-06-01", starts="2024-01-01")
    assert '<code class="code">li</code>' not in text(client.get("/sign-in/"))


def test_it_changes_the_language_and_comes_back(staff):
    browser = staff("paper-worker")
    answer = browser.post("/i18n/setlang/", {"language": "en", "next": f"/cells/{A}/"}, follow=True)
    page = text(answer)
    assert answer.redirect_chain == [(f"/cells/{A}/", 302)]
    assert '<html lang="en">' in page
    assert "Grid worker" in page


def test_it_signs_out_by_post_only(staff):
    browser = staff("paper-worker")
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/buildings/").url.startswith("/sign-in/")


def test_it_has_a_skip_link_and_one_heading(staff):
    browser = staff("paper-worker")
    for path in ("/buildings/", "/residents/", "/incidents/", f"/cells/{A}/", "/password/"):
        page = text(browser.get(path))
        assert page.count("<h1") == 1, path
        assert 'href="#main"' in page
        assert 'id="main"' in page


def test_it_holds_no_inline_style_or_script(staff):
    browser = staff("paper-street")
    for path in ("/buildings/", "/residents/", "/incidents/", "/password/", "/areas/990101001/", f"/cells/{A}/"):
        page = text(browser.get(path))
        assert " style=" not in page, path
        assert " onclick=" not in page
        assert "<script>" not in page


def test_a_page_for_nobody_says_what_to_do(staff):
    browser = staff("paper-worker")
    Posting.objects.filter(area=A).update(ends="2024-06-01")
    answer = browser.get("/buildings/", follow=True)
    assert answer.status_code == 403
    assert "联系您单位的管理员" in text(answer)


def test_the_page_of_a_broken_server_needs_nothing():
    from django.template.loader import render_to_string

    assert "服务器出错" in render_to_string("web/broken.html", {"fix": "请稍后再试。"})
