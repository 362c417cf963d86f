"""What lies in 胜利街道."""

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat

from gis.models import Area, Building, CellVersion, Compound, Incident, Residence, Resident
from tests.cast import STREET
from tests.web.gate.walked import SECRET
from tests.web.walking import Belongings


@pytest.fixture
def things(db) -> Belongings:
    """One of everything in 胜利街道, each text of which carries the secret sign."""
    mark = dict.fromkeys((Area, CellVersion, Compound, Building, Resident), "name") | {Incident: "description"}
    for model, column in mark.items():
        key = "code" if model in (Area, CellVersion) else "area"
        inside = model.objects.filter(**{f"{key}__startswith": STREET})
        inside.update(**{column: Concat(F(column), Value(SECRET))})
    Area.objects.filter(code__startswith=STREET).update(short_name=F("name"))
    Area.objects.update(source="")  # no demonstration, whose accounts and their areas are offered to everyone
    Residence.objects.filter(area__startswith=STREET).update(relation="01")
    return Belongings.of(STREET)
