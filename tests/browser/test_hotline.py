"""Bringing an export of the hotline in a real browser, with a real worker: file, columns, check, cases, queue."""

import pytest

from tests.serving import do_jobs

ORDERS = """单据号,来电时间,诉求内容,诉求地址,诉求分类,联系人,联系电话
HT-1,2026-03-05 09:30,楼前的井盖坏了,{address},井盖缺失破损,王小明,13800138000
HT-2,2026-03-05 10:30,桥头的井盖坏了,桥头,井盖缺失破损,王小明,13800138000
HT-3,昨天,楼前的井盖坏了,{address},井盖缺失破损,王小明,13800138000
"""


@pytest.fixture
def address(server) -> str:
    from gis.models import Building
    from tests.cast import COMMUNITY

    return Building.objects.filter(area__startswith=COMMUNITY, compound__isnull=False).order_by("pk").first().label


def test_a_clerk_brings_an_export_and_places_what_was_not_sure(map_of, server, address):
    page = map_of("li").page
    page.goto(server + "/incidents/")
    page.get_by_role("link", name="12345 工单").click()
    page.set_input_files(
        "[name=file]",
        {"name": "三月.csv", "mimeType": "text/csv", "buffer": ORDERS.format(address=address).encode("gb18030")},
    )
    page.get_by_role("button", name="上传并核对列名").click()
    assert page.locator("[name=phone]").input_value() == "联系电话"
    assert page.locator("[name=number]").get_attribute("aria-invalid") == "true"
    page.select_option("[name=number]", "单据号")
    page.get_by_role("button", name="检查每一行").click()
    page.get_by_role("heading", name="正在检查").wait_for()
    do_jobs(server.database)
    start = page.get_by_role("button", name="开始立案（2 张）")  # the page asks by itself
    start.wait_for()
    assert page.get_by_role("row", name="HT-3").inner_text().count("来电时间读不懂") == 1
    start.click()
    page.get_by_role("heading", name="正在立案").wait_for()
    do_jobs(server.database)
    page.get_by_role("heading", name="办完了").wait_for()
    assert page.get_by_role("row", name="HT-1").get_by_role("link").count() == 1
    page.get_by_role("link", name="去定位置").click()
    order = page.locator("li.card", has_text="HT-2")
    order.get_by_label("换个地址查").fill(address)
    order.get_by_role("button", name="查").click()
    order.get_by_role("radio").first.check()
    order.get_by_role("button", name="在这里立案").click()
    page.get_by_text("已立案：").wait_for()
    assert page.locator("li.card", has_text="HT-2").count() == 0


def test_the_pages_fit_a_phone(map_of, server):
    page = map_of("li").page
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("/hotline/", "/hotline/unplaced/", "/hotline/unmapped/"):
        page.goto(server + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
