"""What anybody may post on a community's page, and how often."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gis.commons.announcing import save_consultation
from gis.commons.wish_tending import show_wish
from gis.models import CommunityWish, Consultation, Posting, Reply
from tests.cast import COMMUNITY, STREET
from tests.web.residents.form import ticket_of

pytestmark = pytest.mark.django_db
NEXT_DOOR = f"{STREET}007"
WISHES = f"/community/{COMMUNITY}/wishes/"


def wish(client, told: str = "想要一把轮椅", **headers) -> int:
    return client.post(WISHES, {"told": told, "ticket": ticket_of(client.get(WISHES))}, **headers).status_code


def test_one_visitor_posts_so_many_wishes_a_day_and_shuts_nobody_else_out(client):
    assert {wish(client) for _ in range(30)} == {200}
    assert wish(client) == 422
    assert CommunityWish.objects.count() == 30
    assert wish(client, REMOTE_ADDR="198.51.100.9") == 200


@pytest.fixture
def asked(cast) -> Consultation:
    body = {"area": COMMUNITY, "title": "凉亭放哪里", "question": "选一个地方", "options": "东门\n西门\n"}
    closes = timezone.localtime() + timedelta(days=7)
    return save_consultation(
        None, body | {"closes": f"{closes:%Y-%m-%dT%H:%M}"}, user=cast.zhou, access=cast.zhou.access
    )


def test_a_fresh_form_for_every_vote_does_not_stuff_the_box(client, asked):
    address = f"/community/{COMMUNITY}/ask/{asked.uuid}/"
    for _ in range(25):
        client.post(address, {"choice": "0", "ticket": ticket_of(client.get(address))})
    assert Reply.objects.count() == 20
    another = {"choice": "1", "ticket": ticket_of(client.get(address)), "uuid": str(uuid4())}
    assert client.post(address, another, REMOTE_ADDR="198.51.100.9").status_code == 200
    assert Reply.objects.count() == 21


def test_who_tends_one_community_reads_no_unseen_wish_of_another(client, client_of, cast):
    wish(client, "我是王小明，想要一把轮椅")
    yesterday = timezone.localdate() - timedelta(days=1)
    Posting.objects.create(user=cast.he, role="community_supervisor", area=NEXT_DOOR, starts=yesterday)
    assert "王小明" in client_of("zhou").get("/commons/wishes/").content.decode()
    assert "王小明" not in client_of("he").get("/commons/wishes/").content.decode()
    show_wish(CommunityWish.objects.get().pk, "想要一把轮椅", user=cast.zhou, access=cast.zhou.access)
    assert "想要一把轮椅" in client_of("he").get("/commons/wishes/").content.decode()
