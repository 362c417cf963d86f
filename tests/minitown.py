"""A stand-in for `fixtures.town` until it lands."""

from datetime import date

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.backends.postgresql.psycopg_any import DateRange

from gis.models import Area, Building, Cell, CellVersion, Dwelling, Posting, Residence, Resident, User
from tests.cast import PASSWORD, POSTINGS


def _box(column, row, size=0.005):
    west, south = 116.655 + column * size, 40.128 + row * size
    return MultiPolygon(Polygon.from_bbox((west, south, west + size, south + size)))


def write_town(size="small", **_):
    for code, level, name, where in [
        ("11", "province", "北京市", None),
        ("1101", "city", "北京市市辖区", None),
        ("110113", "district", "顺义区", None),
        ("110113001", "street", "胜利街道", None),
        ("110113002", "street", "光明街道", None),
        ("110113001006", "community", "幸福西街社区", (0, 0)),
        ("110113001007", "community", "义宾街社区", (1, 0)),
        ("110113002001", "community", "光明社区", (0, 1)),
    ]:
        Area.objects.create(code=code, level=level, name=name, source="demo", geometry=where and _box(*where))
    for code, where in [
        ("110113001006001", (0, 0)), ("110113001007001", (1, 0)), ("110113002001001", (0, 1)),
    ]:
        version = CellVersion.objects.create(
            cell=Cell.objects.create(), code=code, name=f"第{code[-1]}网格", geometry=_box(*where),
            valid=DateRange(date(2024, 1, 1), None),
        )
        _building(version, where)
    for name, (role, area) in POSTINGS.items():
        user = User.objects.create_user(name, PASSWORD, name=name)
        Posting.objects.create(user=user, role=role, area=area, starts=date(2024, 1, 1))


def _building(version, where):
    building = Building.objects.create(
        code=version.code[:12] + "00001", kind="residential", number="1号楼", geometry=_box(*where, 0.0005),
        cell=version.cell, area=version.code, source="demo", source_code=version.code,
    )
    for room in ("101", "102"):
        dwelling = Dwelling.objects.create(building=building, unit="1", floor=1, room=room, area=version.code)
        resident = Resident.objects.create(name="张三丰", born=date(1980, 1, 1), area=version.code)
        Residence.objects.create(
            resident=resident, dwelling=dwelling, starts=date(2024, 1, 1), area=version.code
        )
