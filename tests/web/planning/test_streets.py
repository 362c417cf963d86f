"""A plan of streets: made by the form, looked at, reported on, published by the level above the district."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gis.accounts.scope import applied
from gis.models import Area, Plan, Posting, User
from gis.planning import stepping
from gis.planning.deciding import decide
from gis.planning.keeping import drawing_of
from gis.planning.streets.opening import open_streets
from tests.cast import DISTRICT, OTHER_STREET, STREET

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(cast):
    """Zhao plans the whole district for once."""
    Posting.objects.filter(user=cast.zhao).update(area=DISTRICT)
    return User.objects.get(pk=cast.zhao.pk)


@pytest.fixture
def mayor(cast):
    user = User.objects.create_user("mayor", password="Wangge-demo-2026")
    Posting.objects.create(user=user, role="district_supervisor", area=DISTRICT[:4], starts="2020-01-01")
    return user


@pytest.fixture
def moving(planner):
    """A plan in which the first community of Li's street goes to Chen's."""
    with applied(planner.access.which("people.count")):
        plan = open_streets(DISTRICT, "街道调整", user=planner, access=planner.access)
    drawing = drawing_of(plan)
    number = {one.code: one.number for one in drawing.cells.values()}
    first = min(set(drawing.compound[drawing.cell == number[STREET]].tolist()) - {0})
    args = {"tiles": drawing.ids[drawing.compound == first].tolist(), "cell": number[OTHER_STREET]}
    return stepping.step(plan.uuid, "paint", args, user=planner, access=planner.access, seen=0)


def approved(plan, planner, mayor):
    for act, user in (("submit", planner), ("approve", mayor)):
        decide(plan.uuid, act, user=user, access=user.access, seen=plan.revision, starts=timezone.localdate())
    return Plan.objects.get(pk=plan.pk)


def test_the_form_offers_streets_to_who_plans_the_district(client_of, planner):
    text = client_of("zhao").get("/plans/new/").content.decode()
    assert 'value="streets"' in text
    assert f'<option value="{DISTRICT}"' in text


def test_and_not_to_who_plans_a_street(client_of):
    assert 'value="streets"' not in client_of("zhao").get("/plans/new/").content.decode()
    answer = client_of("zhao").post("/plans/new/", {"name": "街道调整", "area": DISTRICT, "kind": "streets"})
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize("kind", ["streets", "cells", "communities"])
def test_the_area_must_be_of_the_level(client_of, planner, kind):
    area = STREET if kind == "streets" else DISTRICT
    answer = client_of("zhao").post("/plans/new/", {"name": "x", "area": area, "kind": kind})
    assert answer.status_code == 422
    assert not Plan.objects.filter(name="x").exists()


def test_the_report_tells_of_streets_communities_and_cells(client_of, moving):
    client = client_of("zhao")
    assert client.get(f"/plans/{moving.uuid}/").status_code == 200
    text = client.get(f"/plans/{moving.uuid}/impact/").content.decode()
    assert 'id="streets"' in text
    assert OTHER_STREET + "900" in text
    assert "划入别的街道" in text


@pytest.mark.parametrize("name", ["chen", "wang", "zhou", "li"])
def test_who_sees_a_part_of_the_district_does_not_see_it(client_of, moving, name):
    assert client_of(name).get(f"/plans/{moving.uuid}/impact/").status_code == 404


def test_the_district_does_not_approve_its_own_plan(client_of, cast, moving, planner):
    decide(moving.uuid, "submit", user=planner, access=planner.access, seen=moving.revision)
    answer = client_of("sun").post(f"/plans/{moving.uuid}/decide/", {"act": "approve", "seen": moving.revision})
    assert answer.status_code in (302, 403)
    assert Plan.objects.get(pk=moving.pk).state == Plan.State.SUBMITTED


def test_the_level_above_publishes_it(client, client_of, moving, planner, mayor):
    plan = approved(moving, planner, mayor)
    client.force_login(mayor)
    assert client.post(f"/plans/{plan.uuid}/publish/", {"seen": plan.revision}).status_code == 302
    plan.refresh_from_db()
    assert plan.state == Plan.State.PUBLISHED
    assert Area.objects.get(code=OTHER_STREET + "900").geometry
    assert "街道沿革" in client_of("zhao").get(f"/plans/{plan.uuid}/impact/").content.decode()


def test_an_outline_from_a_file_is_laid_into_it(client_of, moving):
    """The outline that the street has in force: what was moved comes back."""
    shape = json.loads(Area.objects.get(code=STREET).geometry.geojson)
    feature = {"type": "Feature", "properties": {"code": STREET}, "geometry": shape}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    client, address = client_of("zhao"), f"/plans/{moving.uuid}/outlines/"
    answer = client.post(address, {"file": SimpleUploadedFile("a.geojson", content)})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "导入街道边界" in text
    form = {"outlines": answer.context["outlines"], "seen": moving.revision}
    form |= {f"choice-{one['key']}": "holds" for one in answer.context["differences"]}
    assert client.post(address, form).status_code == 302
    drawing = drawing_of(Plan.objects.get(pk=moving.pk))
    codes = sorted(Area.objects.filter(level="community", ends=None).exclude(geometry=None).values_list("code"))
    first = next(row for row, (code,) in enumerate(codes, 1) if code.startswith(STREET))
    assert {drawing.cells[one].code for one in set(drawing.cell[drawing.compound == first].tolist())} == {STREET}


def test_its_figures_count_streets(client_of, moving):
    assert "<dt>街道</dt><dd>2</dd>" in client_of("zhao").get(f"/plans/{moving.uuid}/talk/").content.decode()
