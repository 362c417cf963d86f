"""A street drawn on paper, for tests of pages: every number in it can be counted by hand.

Street 纸上街道 has two communities. 东社区 has cells A and B, 西社区 has cell C. Another street has cell D, and nobody of
the first may see it. Each cell is 0.01° wide; its buildings stand in a row.
"""

from datetime import date, timedelta

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis import crs
from gis.incidents.incident import State
from gis.models import (
    Area,
    Building,
    Category,
    Cell,
    CellVersion,
    Compound,
    Dwelling,
    Household,
    Incident,
    Need,
    Posting,
    Residence,
    Resident,
    Step,
    User,
    Way,
)
from gis.people.sealing import blind_index, seal

DISTRICT, STREET, OTHER_STREET = "990101", "990101001", "990101002"
EAST, WEST, ELSEWHERE = "990101001001", "990101001002", "990101002001"
A, B, C, D = EAST + "001", EAST + "002", WEST + "001", ELSEWHERE + "001"
#: user name → role, area
STAFF = {
    "paper-worker": ("grid_worker", A),
    "paper-community": ("community_supervisor", EAST),
    "paper-street": ("street_supervisor", STREET),
    "paper-district": ("district_supervisor", DISTRICT),
    "paper-planner": ("planner", STREET),
    "paper-officer": ("department_officer", DISTRICT),
    "paper-other": ("street_supervisor", OTHER_STREET),
    "paper-admin": ("administrator", DISTRICT),
}
_CORNERS = {A: (116.60, 40.10), B: (116.61, 40.10), C: (116.62, 40.10), D: (116.60, 40.20)}
_NAMES = ["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八妹", "冯九", "陈十"]


def square(x: float, y: float, width: float, height: float | None = None) -> MultiPolygon:
    """A box with its south-west corner at (x, y), in degrees."""
    return MultiPolygon(Polygon.from_bbox((x, y, x + width, y + (height or width))), srid=crs.STORE)


def build_street() -> None:
    """Write the whole street into the database."""
    _areas()
    for code in _CORNERS:
        _cell(code)
    for name, (role, area) in STAFF.items():
        user = User.objects.create_user(name, None, name=f"职员{role[:4]}", phone="010-5550")
        Posting.objects.create(user=user, role=role, area=area, starts=date(2024, 1, 1))
    Way.objects.create(
        kind=Way.Kind.ROAD, name="纸上大街", rank=Way.Rank.MAJOR, geometry="LINESTRING(116.60 40.105, 116.63 40.105)"
    )


def _areas() -> None:
    for code, level, name in [("99", "province", "纸上省"), ("9901", "city", "纸上市"), (DISTRICT, "district", "纸上区")]:
        Area.objects.create(code=code, level=level, name=name)
    Area.objects.create(code=STREET, level="street", name="纸上街道", geometry=square(116.60, 40.10, 0.03, 0.01))
    Area.objects.create(code=OTHER_STREET, level="street", name="隔壁街道", geometry=square(116.60, 40.20, 0.01))
    Area.objects.create(code=EAST, level="community", name="东社区", geometry=square(116.60, 40.10, 0.02, 0.01))
    Area.objects.create(code=WEST, level="community", name="西社区", geometry=square(116.62, 40.10, 0.01))
    Area.objects.create(code=ELSEWHERE, level="community", name="隔壁社区", geometry=square(116.60, 40.20, 0.01))


def _cell(code: str) -> None:
    x, y = _CORNERS[code]
    version = CellVersion.objects.create(
        cell=Cell.objects.create(),
        code=code,
        name=f"第{int(code[-3:])}网格",
        geometry=square(x, y, 0.01),
        valid=DateRange(date(2024, 1, 1)),
    )
    compound, _ = Compound.objects.get_or_create(name=f"{Area.objects.get(code=code[:12]).name[:-2]}园北区", area=code[:12])
    for number in (1, 2):
        _building(version, compound, number + 2 * (int(code[-1]) - 1), x + 0.002 * number)
    _incidents(version)


def _building(version: CellVersion, compound: Compound, number: int, x: float) -> None:
    building = Building.objects.create(
        code=f"{version.community_code}{number:05d}",
        kind=Building.Kind.RESIDENTIAL,
        compound=compound,
        number=f"{number}号楼",
        road="纸上大街",
        gate=f"{number}号",
        floors=2,
        units=2,
        geometry=square(x, _CORNERS[version.code][1] + 0.002, 0.001),
        cell=version.cell,
        area=version.code,
    )
    for unit in ("1", "2"):
        for room in ("101", "201"):
            _door(building, unit, room)


def _door(building: Building, unit: str, room: str) -> None:
    """Room 201 of unit 2 stands empty; three people live behind each of the others."""
    empty = (unit, room) == ("2", "201")
    dwelling = Dwelling.objects.create(
        building=building,
        unit=unit,
        floor=int(room[0]),
        room=room,
        state=Dwelling.State.EMPTY if empty else Dwelling.State.OCCUPIED,
        area=building.area,
    )
    if not empty:
        household = Household.objects.create(dwelling=dwelling, area=building.area)
        for place, (relation, age) in enumerate([("02", 83), ("10", 70), ("20", 30)]):
            _person(household, relation, age, place)


def _person(household: Household, relation: str, age: int, place: int) -> None:
    area, number = household.area, Resident.objects.count()
    identity = f"990101{timezone.localdate().year - age}0101{number:03d}X"
    resident = Resident.objects.create(
        name=_NAMES[number % 10],
        sex="12"[(number + place) % 2],
        born=date(timezone.localdate().year - age, 1, 1),
        population=Resident.Population.FLOATING if relation == "20" else Resident.Population.REGISTERED,
        identity_sealed=seal(identity),
        identity_index=blind_index(identity),
        identity_last4=identity[-4:],
        phone_sealed=seal(f"0105550{number:04d}"),
        phone_last4=f"{number:04d}",
        area=area,
    )
    Residence.objects.create(
        resident=resident,
        dwelling=household.dwelling,
        household=household,
        relation=relation,
        starts=date(2020, 5, 1),
        area=area,
    )
    if age >= 80:
        Need.objects.create(resident=resident, tag="elder_80plus", starts=date(2024, 1, 1), area=area)


def _incidents(version: CellVersion) -> None:
    """One closed a year ago, one open and late, one open with time left."""
    now, category = timezone.now(), Category.objects.get(kind="community", code="C0301")
    x, y = _CORNERS[version.code]
    for place, (state, ago, due) in enumerate(
        [(State.CLOSED, 365, 360), (State.IN_PROGRESS, 20, 15), (State.REPORTED, 1, -3)]
    ):
        incident = Incident.objects.create(
            number=f"99{version.code[-9:]}-{place + 1}",
            category=category,
            description=f"楼前第{place + 1}处暴露垃圾",
            reported_at=now - timedelta(days=ago),
            position=Point(x + 0.005, y + 0.005, srid=crs.STORE),
            place="纸上大街路口",
            cell=version,
            area=version.code,
            state=state,
            due_at=now - timedelta(days=due),
            closed_at=now - timedelta(days=361) if state == State.CLOSED else None,
        )
        Step.objects.create(incident=incident, at=incident.reported_at, after=State.REPORTED)
        if state != State.REPORTED:
            Step.objects.create(incident=incident, at=now - timedelta(days=10), before=State.REPORTED, after=state)
