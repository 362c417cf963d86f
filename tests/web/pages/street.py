"""A street drawn on paper, for tests of pages: every number in it can be counted by hand.

Street 纸上街道 has two communities. 东社区 has cells A and B, 西社区 has cell C. Another street has cell D, and nobody
of the first may see it. Each cell is 0.01° wide; its buildings stand in a row.
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
    """Write the whole street into the database, a table at a time."""
    Area.objects.bulk_create(_areas())
    _staff()
    versions = _cells()
    buildings = _buildings(versions)
    _people(Dwelling.objects.bulk_create([door for building in buildings for door in _doors(building)]))
    _incidents(versions)
    road = "LINESTRING(116.60 40.105, 116.63 40.105)"
    Way.objects.create(kind=Way.Kind.ROAD, name="纸上大街", rank=Way.Rank.MAJOR, geometry=road)


def _areas() -> list[Area]:
    plain = [("99", "province", "纸上省"), ("9901", "city", "纸上市"), (DISTRICT, "district", "纸上区")]
    drawn = [
        (STREET, "street", "纸上街道", square(116.60, 40.10, 0.03, 0.01)),
        (OTHER_STREET, "street", "隔壁街道", square(116.60, 40.20, 0.01)),
        (EAST, "community", "东社区", square(116.60, 40.10, 0.02, 0.01)),
        (WEST, "community", "西社区", square(116.62, 40.10, 0.01)),
        (ELSEWHERE, "community", "隔壁社区", square(116.60, 40.20, 0.01)),
    ]
    areas = [Area(code=code, level=level, name=name) for code, level, name in plain]
    return areas + [Area(code=code, level=level, name=name, geometry=shape) for code, level, name, shape in drawn]


def _staff() -> None:
    users = [
        User(username=name, name=f"职员{role[:4]}", phone="010-5550", password="!") for name, (role, _) in STAFF.items()
    ]
    for user in User.objects.bulk_create(users):
        role, area = STAFF[user.username]
        Posting.objects.create(user=user, role=role, area=area, starts=date(2024, 1, 1))


def _cells() -> list[CellVersion]:
    cells = Cell.objects.bulk_create([Cell() for _ in _CORNERS])
    return CellVersion.objects.bulk_create(
        CellVersion(
            cell=cell,
            code=code,
            name=f"第{int(code[-3:])}网格",
            geometry=square(*_CORNERS[code], 0.01),
            valid=DateRange(date(2024, 1, 1)),
        )
        for cell, code in zip(cells, _CORNERS, strict=True)
    )


def _buildings(versions: list[CellVersion]) -> list[Building]:
    names = {EAST: "东园北区", WEST: "西园北区", ELSEWHERE: "隔壁园北区"}
    compounds = {
        compound.area: compound
        for compound in Compound.objects.bulk_create([Compound(name=name, area=area) for area, name in names.items()])
    }
    return Building.objects.bulk_create(
        _building(version, compounds[version.community_code], place) for version in versions for place in (1, 2)
    )


def _building(version: CellVersion, compound: Compound, place: int) -> Building:
    x, y = _CORNERS[version.code]
    number = place + 2 * (int(version.code[-1]) - 1)
    return Building(
        code=f"{version.community_code}{number:05d}",
        kind=Building.Kind.RESIDENTIAL,
        compound=compound,
        number=f"{number}号楼",
        road="纸上大街",
        gate=f"{number}号",
        floors=2,
        units=2,
        geometry=square(x + 0.002 * place, y + 0.002, 0.001),
        cell=version.cell,
        area=version.code,
    )


def _doors(building: Building) -> list[Dwelling]:
    """Room 201 of unit 2 stands empty."""
    return [
        Dwelling(
            building=building,
            unit=unit,
            floor=int(room[0]),
            room=room,
            state=Dwelling.State.EMPTY if (unit, room) == ("2", "201") else Dwelling.State.OCCUPIED,
            area=building.area,
        )
        for unit in ("1", "2")
        for room in ("101", "201")
    ]


def _people(doors: list[Dwelling]) -> None:
    """Three people behind every door that is not empty, the head of the household over 80."""
    lived_in = [door for door in doors if door.state == Dwelling.State.OCCUPIED]
    homes = Household.objects.bulk_create([Household(dwelling=door, area=door.area) for door in lived_in])
    kin = [(home, *member) for home in homes for member in enumerate([("02", 83), ("10", 70), ("20", 30)])]
    people = Resident.objects.bulk_create(
        _person(home.area, relation, age, number, place) for number, (home, place, (relation, age)) in enumerate(kin)
    )
    Residence.objects.bulk_create(
        Residence(
            resident=person,
            dwelling=home.dwelling,
            household=home,
            relation=relation,
            starts=date(2020, 5, 1),
            area=home.area,
        )
        for person, (home, _, (relation, _)) in zip(people, kin, strict=True)
    )
    Need.objects.bulk_create(
        Need(resident=person, tag="elder_80plus", starts=date(2024, 1, 1), area=person.area)
        for person, (_, place, _) in zip(people, kin, strict=True)
        if place == 0
    )


def _person(area: str, relation: str, age: int, number: int, place: int) -> Resident:
    born = timezone.localdate().year - age
    identity = f"990101{born}0101{number:03d}X"
    return Resident(
        name=_NAMES[number % 10],
        sex="12"[(number + place) % 2],
        born=date(born, 1, 1),
        population=Resident.Population.FLOATING if relation == "20" else Resident.Population.REGISTERED,
        identity_sealed=seal(identity),
        identity_index=blind_index(identity),
        identity_last4=identity[-4:],
        phone_sealed=seal(f"0105550{number:04d}"),
        phone_last4=f"{number:04d}",
        area=area,
    )


def _incidents(versions: list[CellVersion]) -> None:
    """In each cell one closed a year ago, one open and late, one open with time left."""
    category = Category.objects.get(kind="community", code="C0301")
    stages = [(State.CLOSED, 365, 360), (State.IN_PROGRESS, 20, 15), (State.REPORTED, 1, -3)]
    made = [
        _incident(version, category, place, *stage) for version in versions for place, stage in enumerate(stages, 1)
    ]
    incidents = Incident.objects.bulk_create(made)
    steps = [Step(incident=one, at=one.reported_at, after=State.REPORTED) for one in incidents]
    moved = timezone.now() - timedelta(days=10)
    steps += [
        Step(incident=one, at=moved, before=State.REPORTED, after=one.state)
        for one in incidents
        if one.state != State.REPORTED
    ]
    Step.objects.bulk_create(steps)


def _incident(version: CellVersion, category: Category, place: int, state: str, ago: int, due: int) -> Incident:
    now, (x, y) = timezone.now(), _CORNERS[version.code]
    return Incident(
        number=f"99{version.code[-9:]}-{place}",
        category=category,
        description=f"楼前第{place}处暴露垃圾",
        reported_at=now - timedelta(days=ago),
        position=Point(x + 0.005, y + 0.005, srid=crs.STORE),
        place="纸上大街路口",
        cell=version,
        area=version.code,
        state=state,
        due_at=now - timedelta(days=due),
        closed_at=now - timedelta(days=361) if state == State.CLOSED else None,
    )
