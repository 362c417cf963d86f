"""Exports made for tests, and the way from one to its cases without a page or a queue."""

import csv
import io

from gis.hotline.checking import check
from gis.hotline.filing import Filing
from gis.hotline.hotline_file import HotlineFile, Stage
from gis.hotline.uploading import bring, content_of, set_columns
from gis.models import Building, Incident
from tests.cast import COMMUNITY, STREET

TITLES = (
    "工单编号", "来电时间", "诉求内容", "诉求地址", "诉求分类", "联系人", "联系电话", "办理时限", "承办单位",
    "办理结果", "工单状态", "办结时间", "满意度",
)  # fmt: skip


def an_address() -> str:
    """One that the address search is sure of."""
    return Building.objects.filter(area__startswith=COMMUNITY, compound__isnull=False).order_by("pk").first().label


def an_order(number: str, **told: str) -> dict[str, str]:
    """A row by the titles of its columns."""
    usual = {
        "来电时间": "2026-03-05 09:30", "诉求内容": "楼前的井盖坏了，晚上看不见。", "诉求地址": an_address(),
        "诉求分类": "井盖缺失破损", "联系人": "王小明", "联系电话": "13800138000", "工单状态": "办理中",
    }  # fmt: skip
    return dict.fromkeys(TITLES, "") | usual | {"工单编号": number} | told


def as_csv(*orders: dict[str, str]) -> bytes:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(orders[0]))
    writer.writeheader()
    writer.writerows(orders)
    return lines.getvalue().encode("utf-8-sig")


def brought(user, *orders: dict[str, str], area: str = STREET, source: str = "12345") -> HotlineFile:
    return bring("工单.csv", as_csv(*orders), area, source, user=user, access=user.access)


def checked(user, *orders: dict[str, str], **where) -> HotlineFile:
    file = brought(user, *orders, **where)
    set_columns(file, [f"{name}={title}" for name, title in file.chosen.items()], "")
    with content_of(file) as path:
        check(file, path, lambda row: None)
    HotlineFile.objects.filter(pk=file.pk).update(stage=Stage.READY)
    file.refresh_from_db()
    return file


def filed(user, *orders: dict[str, str], **where) -> HotlineFile:
    file = checked(user, *orders, **where)
    filing = Filing.of(file)
    while filing.next():
        pass
    HotlineFile.objects.filter(pk=file.pk).update(stage=Stage.DONE)
    return file


def case(number: str, source: str = "12345") -> Incident:
    return Incident.objects.get(source=source, source_code=number)
