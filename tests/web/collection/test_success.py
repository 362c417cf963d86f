"""The page of success: who sees it, filtered, as a file, and empty."""

from uuid import uuid4

import pytest
from django.utils import timezone

from gis.models import Collected
from tests.cast import CELL, COMMUNITY, STREET

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def calls(db):
    Collected.objects.all().delete()
    Collected.objects.bulk_create(
        Collected(
            call=uuid4(), day=timezone.localdate(), area=CELL, forms=3, wanted=12, known=6, asked=4, answered=4
        )
        for _each in range(6)
    )  # fmt: skip


@pytest.mark.parametrize(("who", "status"), [("li", 200), ("wang", 200), ("sun", 200), ("he", 200), ("zhao", 403)])
def test_who_sees_it(client_of, calls, who, status):
    assert client_of(who).get("/success/").status_code == status


def test_it_says_how_much_was_spared(client_of, calls):
    told = text(client_of("li").get("/success/?months=3"))
    assert "66 %" in told
    assert "档案的完整与更新" in told


def test_an_officer_sees_counts_as_on_the_map(client_of, calls):
    told = text(client_of("he").get("/success/"))
    assert "66 %" in told
    assert "同名同生日的档案" in told


def test_another_street_sees_nothing_of_it(client_of, calls):
    told = text(client_of("chen").get(f"/success/?area={COMMUNITY}"))
    assert "还看不出成效" in told
    assert COMMUNITY not in text(client_of("chen").get(f"/success/?area={COMMUNITY}&format=csv"))


def test_it_is_had_as_a_file(client_of, calls):
    answer = client_of("li").get(f"/success/?area={STREET}&format=csv&months=3")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = text(answer).splitlines()
    assert f"{timezone.localdate():%Y-%m},6,72,24,48,12" in lines
    assert f"{COMMUNITY},6,72,24,48,12" in lines


def test_nonsense_in_the_address_is_the_usual_page(client_of, calls):
    for query in ("area=x&months=7", "months=-1", "department=nobody", "area=999999", "format=pdf"):
        assert client_of("li").get(f"/success/?{query}").status_code == 200
