"""What is added, renamed or deleted is found, or not, at once: in the same process and in another's copy."""

import pytest
from django.db import connection

from gis.accounts.scope import Scope
from gis.models import Building, Compound, Dwelling
from gis.places.finding import find, find_places
from gis.places.search import copy
from gis.places.search.changes import news_since
from tests.cast import COMMUNITY, DISTRICT, STREET

HERE = Scope.of([STREET])
EVERYWHERE = Scope.of([DISTRICT])


@pytest.fixture
def town(own_town):
    """A town in which every statement is committed, and nothing read yet."""
    copy.forget()
    yield
    copy.forget()


def titles(typed: str, scope: Scope = HERE) -> list[str]:
    return [one.title for one in find_places(typed, scope)]


def a_compound() -> Compound:
    return Compound.objects.filter(area=COMMUNITY, building__number__gt="").first()


def test_a_new_building_is_found_at_once(town):
    compound = a_compound()
    assert f"{compound.name}97号楼" not in titles(f"{compound.name}97号楼")
    like = Building.objects.filter(compound=compound).first()
    Building.objects.create(
        code=f"{COMMUNITY}98765",
        compound=compound,
        number="97号楼",
        area=like.area,
        geometry=like.geometry,
        cell=like.cell,
    )
    assert titles(f"{compound.name}97栋")[0] == f"{compound.name}97号楼"
    Building.objects.filter(code=f"{COMMUNITY}98765").update(number="96号楼")
    assert titles(f"{compound.name}96栋")[0] == f"{compound.name}96号楼"
    assert f"{compound.name}97号楼" not in titles(f"{compound.name}97栋")
    Building.objects.filter(code=f"{COMMUNITY}98765").delete()
    assert f"{compound.name}96号楼" not in titles(f"{compound.name}96栋")


def test_a_new_door_is_found_at_once_and_a_gone_one_no_more(town):
    door = Dwelling.objects.filter(area__startswith=COMMUNITY, unit="1", building__compound__isnull=False).first()
    label = door.building.label
    made = Dwelling.objects.create(building=door.building, unit="1", floor=99, room="9901", area=door.area)
    found = find_places(f"{label}1单元9901", HERE)[0]
    assert (found.door, found.title) == (made, f"{label} 1单元9901")
    made.state = Dwelling.State.GONE
    made.save()
    assert find_places(f"{label}1单元9901", HERE)[0].door is None


def test_a_renamed_compound_is_found_by_its_new_name_only(town):
    compound = a_compound()
    old = compound.name
    compound.name = "瓢泉新苑"
    compound.save()
    assert titles("瓢泉新苑")[0] == "瓢泉新苑"
    assert titles("瓢泉新苑1号楼")[0] == "瓢泉新苑1号楼"
    assert old not in titles(old)


def test_a_rolled_back_change_leaves_no_trace(town):
    from django.db import transaction

    compound = a_compound()
    with transaction.atomic():
        Compound.objects.filter(pk=compound.pk).update(name="瓢泉新苑")
        assert titles("瓢泉新苑")[0] == "瓢泉新苑"
        transaction.set_rollback(True)
    assert "瓢泉新苑" not in titles("瓢泉新苑")
    assert titles(compound.name)[0] == compound.name


def test_verifying_a_door_changes_no_address(town):
    before = news_since(None)
    Dwelling.objects.filter(area__startswith=COMMUNITY).update(state=Dwelling.State.EMPTY)
    assert news_since(before.snapshot).areas == frozenset()


def test_many_changed_communities_are_laid_together(town, monkeypatch):
    """The young index grows into the other one, and both answer as a new one would."""
    monkeypatch.setattr(copy, "_MOST_YOUNG", 1)
    communities = sorted({area[:12] for area in Building.objects.inside(EVERYWHERE).values_list("area", flat=True)})[:4]
    for number, community in enumerate(communities):
        find("1号楼", HERE)
        like = Building.objects.filter(area__startswith=community).first()
        Building.objects.create(
            code=f"{community}98765", name=f"瓢泉书店{number}", area=like.area, geometry=like.geometry, cell=like.cell
        )
    written = [f"瓢泉书店{number}" for number in range(len(communities))]
    assert [titles(name, EVERYWHERE)[0] for name in written] == written
    assert copy.addresses_now().grown is not None
    copy.forget()
    assert [titles(name, EVERYWHERE)[0] for name in written] == written


def test_a_truncated_table_is_read_again(town):
    find("1号楼", HERE)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE grid_way")
    assert news_since(copy.addresses_now().snapshot).areas in (None, frozenset())
