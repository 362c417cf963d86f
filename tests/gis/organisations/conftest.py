from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from gis.accounts.scope import applied
from gis.models import Building, Organisation, OrganisationCheck
from gis.organisations.checking import read_look, record_check
from gis.organisations.credit_code import make_code
from gis.organisations.registering import change, read_unit, register
from tests.cast import CELL

NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)
CODE = make_code("92", "110113", "MA00AB12")


@pytest.fixture
def building(db) -> Building:
    return Building.objects.filter(area=CELL).order_by("pk").first()


@pytest.fixture
def write(cast, building):
    """`write("zhou", name="甲店")`: a new unit as that account, under row-level security; `pk` changes one."""

    def written(as_: str = "wang", pk: int | None = None, **facts) -> Organisation:
        access = cast[as_].access
        body = {"name": "甲店", "kind": "shop", "building": building.pk} | facts
        with applied(access.which("people.count")):
            unit = read_unit(body, NOW.date())
            return change(pk, unit, access=access) if pk else register(unit, access=access, at=NOW)

    return written


@pytest.fixture
def look(cast, monkeypatch):
    """`look(shop, "found", findings=["gas"])`: a check as that account, at the day of `NOW`."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    def looked(organisation, outcome: str, as_: str = "wang", at=NOW, number=None, **facts) -> OrganisationCheck:
        access = cast[as_].access
        with applied(access.which("people.count")):
            said = read_look({"outcome": outcome} | facts)
            return record_check(organisation.pk, said, by=cast[as_], access=access, at=at, number=number or uuid4())

    return looked
