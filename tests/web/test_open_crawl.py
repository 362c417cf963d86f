"""Everything that is open to anybody, crawled as nobody: every link, form and format from every public address.

First with a town in which whatever is private bears a mark; then again after all of it was changed: what can be read
must be the same, byte for byte, so nothing private can be worked out from it either.
"""

import io
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from gis.commons.consulting import reply
from gis.commons.wish_tending import show_wish
from gis.commons.wishing import offer_help, post_wish, wish_of
from gis.incidents.attaching import attach, clean_photos, kept
from gis.incidents.coarse import drawn_side
from gis.incidents.mediation.keeping import add_party, keep_record
from gis.incidents.public_case import coarse_places
from gis.incidents.public_photo import publish_photo
from gis.incidents.redaction import read_boxes
from gis.incidents.residents.plate import plates_for
from gis.models import (
    Area,
    Attachment,
    Building,
    Bulletin,
    Category,
    CommunityWish,
    Consultation,
    Incident,
    Reporter,
    Resident,
    Step,
    User,
)
from gis.people.sealing import seal
from gis.written import hashed
from tests.browsing import Browser
from tests.cast import CELL, COMMUNITY
from tests.gis.incidents.photos import a_jpeg
from tests.gis.incidents.reported import report
from tests.gis.incidents.test_mediation import TOLD
from web.scope import PUBLIC

pytestmark = pytest.mark.django_db
MARK = "䶮"
LINK = re.compile(r"""(?:href|src|action|content|data-[a-z-]+)\s*=\s*["']([^"'#]+)""")
TICKET = re.compile(r'(name="ticket" value=")[^"]+')
NONCE = re.compile(r"nonce-[A-Za-z0-9+/=_-]+|nonce=\"[^\"]*\"")
#: Of every page in another language, another format, and with parameters that other pages understand.
QUERIES = ("?lang=en", "?stage=open", "?stage=done", "?page=2", "?page=-1", "?format=json", "?order=-reported_at")
KINDS = ("text/html", "application/json", "*/*", "image/webp,*/*")


@pytest.fixture
def marked(cast) -> Incident:
    """A case of a public kind, another of a private one, and the town's people, all of whose secrets bear the mark."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grid_resident SET name = %s || id", [f"民{MARK}"])
        cursor.execute("UPDATE grid_user SET name = %s || id, phone = '13977770000'", [f"员{MARK}"])
        cursor.execute("UPDATE grid_user SET username = 'zqname' || id")
        cursor.execute("UPDATE grid_incident SET number = 'ZQ' || id, description = %s, place = %s", [MARK, MARK])
        cursor.execute("UPDATE grid_cellversion SET name = %s || id", [f"格{MARK}"])
    Incident.objects.filter(area__startswith=COMMUNITY).exclude(category__is_public=True).update(
        description=f"私{MARK}"
    )
    case = report(CELL, category=Category.objects.get(kind="community", code="C0404"))
    private = report(CELL, category=Category.objects.get(kind="community", code="C0603"))
    for one in (case, private):
        _fill(one, cast.zhou)
    _commons(cast)
    keep_record(private, TOLD | {"brief": f"争{MARK}", "mediator": f"调{MARK}"}, cast.zhou, 0)
    add_party(private.dispute, side="applicant", name=f"方{MARK}", phone="13977770001")
    plates_for(Building.objects.filter(area=CELL).order_by("pk")[:1], cast.li)
    return case


def _fill(one: Incident, user: User) -> None:
    now = timezone.now().replace(hour=3, minute=47, second=31) - timedelta(days=3)
    Incident.objects.filter(pk=one.pk).update(
        number=f"ZQ{one.pk}", description=f"述{MARK}", place=f"处{MARK}", reported_at=now, doubt=f"疑{MARK}"
    )
    first = Step.objects.create(incident=one, at=now, after="reported", actor=user, note=f"初{MARK}", revision=0)
    Step.objects.create(incident=one, at=now, after="reported", act="comment", actor=user, note=f"内{MARK}", revision=1)
    # A public note in which somebody is named waits until it has been looked at.
    named = f"请找{MARK}张先生，电话13977770002"
    Step.objects.create(incident=one, at=now, after="reported", act="answer", note=named, is_public=True, revision=2)
    Reporter.objects.create(
        step=first, incident=one, name=f"报{MARK}", phone_sealed=seal("13977770003"), phone_last4="0003"
    )
    with kept(clean_photos([a_jpeg(300, 200)])) as stored:
        attach(first, stored)


def _commons(cast) -> None:
    area, now = COMMUNITY, timezone.now()
    common = {"area": area, "by": cast.zhou}
    Bulletin.objects.create(title=f"撤{MARK}", withdrawn=True, **common)
    Bulletin.objects.create(title=f"将{MARK}", shown_from=now + timedelta(days=2), **common)
    Bulletin.objects.create(title="停水通知", text="周六停水", **common)
    asked = {"question": "选哪里", "options": ["东", "西"], "opens": now - timedelta(days=1)}
    open_now = Consultation.objects.create(title="座椅", closes=now + timedelta(days=5), **common, **asked)
    Consultation.objects.create(title=f"撤{MARK}", closes=now + timedelta(days=5), withdrawn=True, **common, **asked)
    reply(open_now, 0, f"等{MARK}", uuid=uuid4())
    wisher = {"name": f"愿人{MARK}", "phone": "13977770004", "uuid": uuid4()}
    shown = wish_of(post_wish(area, f"愿{MARK}", **wisher))
    show_wish(shown.pk, "想要一把椅子", user=cast.zhou, access=cast.zhou.access)
    helper = {"name": f"帮{MARK}", "phone": "13977770005", "words": f"我{MARK}"}
    offer_help(CommunityWish.objects.get(pk=shown.pk), **helper, uuid=uuid4())
    post_wish(area, f"待{MARK}", uuid=uuid4())


def starts(case: Incident) -> Iterator[str]:
    """Every public address, filled in with what lies around a case."""
    x, y = int(case.position.x * 100), int(case.position.y * 100)
    wishes = CommunityWish.objects.order_by("pk").values_list("uuid", flat=True)
    questions = Consultation.objects.order_by("pk").values_list("uuid", flat=True)
    fill = {
        "community": [[COMMUNITY], ["110113001"], ["110113"], [CELL], ["x"]],
        "community-cases": [[COMMUNITY], [CELL]],
        "open311:discovery": [["json"], ["xml"]],
        "open311:services": [["json"], ["xml"]],
        "open311:service": [["C0404", "json"], ["C0603", "xml"]],
        "open311:requests": [["json"], ["xml"]],
        "open311:request": [[case.uuid, "json"], [case.number, "xml"]],
        "open311:nothing": [["x"]],
        "api-nothing": [["x"]],
        "community-wishes": [[COMMUNITY]],
        "community-wish": [[COMMUNITY, one] for one in wishes],
        "community-consultation": [[COMMUNITY, one] for one in questions],
        "own-wish": [["guessed"]],
        "public-photo": [[one] for one in Attachment.objects.values_list("uuid", flat=True)],
        "public-photo-small": [[one] for one in Attachment.objects.values_list("uuid", flat=True)],
        "plate": [["ACDEFHJKLM"], ["1"]],
        "resident-case": [["a" * 32], [str(case.pk)], [case.number], ["1:x:y"]],
        "resident-photo": [["a" * 32, one] for one in Attachment.objects.values_list("uuid", flat=True)[:2]],
    }  # fmt: skip
    for name in PUBLIC:
        for values in fill.get(name, [[]]):
            yield reverse(name, args=values)
    yield f"{reverse('resident-ground')}?x={x}&y={y}"
    yield f"{reverse('open311:requests', args=['json'])}?page_size=3&status=open"
    yield f"{reverse('community-finder')}?q=幸福"
    yield from (
        "/nothing-here/",
        f"/incidents/{case.number}/",
        f"/photos/{Attachment.objects.first().uuid}/",
        "/api/v1/",
    )


def crawl(case: Incident, most: int = 120) -> dict[str, bytes]:
    """What nobody is answered, by address and wanted format: headers and body, redirects not followed but noted."""
    waiting, seen, read = list(starts(case)), set(), {}
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        for accept in KINDS:
            answer = Browser(HTTP_ACCEPT=accept).get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            read[f"{address} {accept}"] = _still(_headers(answer), body)
            if answer.headers.get("ETag"):
                again = Browser(HTTP_ACCEPT=accept, HTTP_IF_NONE_MATCH=answer.headers["ETag"]).get(address)
                read[f"{address} {accept} again"] = _still(_headers(again), again.content)
        if "text/html" in answer.headers.get("Content-Type", ""):
            waiting += [found for found in _links(address, body.decode()) if found not in seen]
            if "?" not in address:
                waiting += [address + query for query in QUERIES]
    read |= _posted(case)
    return read


def _headers(answer) -> bytes:
    kept = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("Set-Cookie", "Date", "X-Request-Id", "Content-Length", "Expires")
    }
    return f"{answer.status_code} {kept}\n".encode()


def _still(head: bytes, body: bytes) -> bytes:
    """Without what is drawn anew for every answer."""
    if b"\0" in body[:2000]:
        return head + body
    text = TICKET.sub(r"\1", NONCE.sub("", (head + body).decode(errors="replace")))
    text = re.sub(r'(name="(?:csrfmiddlewaretoken|same_as|key|at)" value=")[^"]*', r"\1", text)
    return re.sub(r"csrf[A-Za-z]*[\"']?[:=]\s*[\"'][A-Za-z0-9]{32,}", "", text).encode()


def _links(address: str, page: str) -> list[str]:
    found = [urlsplit(urljoin(f"http://testserver{address}", unescape(link))) for link in LINK.findall(page)]
    return [
        f"{one.path}?{one.query}" if one.query else one.path
        for one in found
        if one.netloc == "testserver" and one.path.startswith("/") and not one.path.startswith(("/static/", "/account"))
    ]


def _posted(case: Incident) -> dict[str, bytes]:
    """What the two forms that answer a question say, asked from all around the case and in the case's own words."""
    read, category = {}, case.category_id
    for east in (-150, -60, 0, 60, 150):
        body = {"lat": 40.13, "lon": 116.66 + east / 85_000, "category": category, "text": f"述{MARK}张先生"}
        answer = Browser().post(reverse("resident-similar"), body)
        read[f"similar {east}"] = _still(_headers(answer), answer.content)
    for number, typed in enumerate(("幸福", "1号楼", Resident.objects.first().name, "3单元402")):
        answer = Browser().post(reverse("resident-places"), {"q": typed})
        read[f"places {number}"] = answer.content.replace(typed.encode(), b"")
    return read


def test_nothing_that_is_private_is_said_to_nobody(marked) -> None:
    read = crawl(marked)
    assert len(read) > 200
    words = [MARK, "1397777", "zqname", "ZQ", "03:47", "3:47:31"]
    places = [[f"{number:.5f}" for number in one.position.coords] for one in Incident.objects.filter(building=None)]
    for address, said in read.items():
        text = said.decode(errors="replace")
        for word in words:
            assert word not in text or _is_its_own(address, word), (address, word)
        assert not any(east in text and north in text for east, north in places), address
        assert CELL not in text.replace(address.split()[0], ""), address


def _is_its_own(address: str, word: str) -> bool:
    """An address that nobody was told but who types it is repeated where one is sent to sign in."""
    return word in address


def test_what_private_things_change_changes_nothing_that_nobody_can_read(marked) -> None:
    before = crawl(marked)
    _change_everything(marked)
    after = crawl(marked)
    assert before.keys() == after.keys()
    for address, said in before.items():
        assert after[address] == said, address


def _change_everything(case: Incident) -> None:
    """All that is private, within what is told: another place in the same square, another minute of the half day."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grid_resident SET name = 'x' || id")
        cursor.execute("UPDATE grid_user SET name = 'y' || id, phone = '1'")
        cursor.execute("UPDATE grid_incident SET description = 'z', doubt = ''")
        cursor.execute("UPDATE grid_reporter SET name = 'w'")
        cursor.execute("UPDATE grid_dispute SET brief = 'v'")
        cursor.execute("UPDATE grid_communitywish SET told = 'u'")
    for one in Incident.objects.filter(area__startswith=COMMUNITY):
        Incident.objects.filter(pk=one.pk).update(reported_at=one.reported_at + _in_its_half_day(one))
        _move_unseen(one)


def _move_unseen(one: Incident) -> None:
    """Some metres away, unless what the place is called from afar, which is told, changes with it."""
    called = coarse_places([one.pk])
    Incident.objects.filter(pk=one.pk).update(position=_beside(one))
    if coarse_places([one.pk]) != called:
        Incident.objects.filter(pk=one.pk).update(position=one.position)


def _in_its_half_day(one: Incident) -> timedelta:
    local = timezone.localtime(one.reported_at)
    return timedelta(seconds=1 if local.minute < 30 else -1) * (17 * 60)


def _beside(one: Incident) -> Point:
    """Some metres away in the same square."""
    for east, north in ((12, 9), (-12, 9), (12, -9), (-12, -9), (4, 3), (-4, -3), (1, 1)):
        point = Point(one.position.x + east / 85_000, one.position.y + north / 110_574, srid=one.position.srid)
        if _square(point, one) == _square(one.position, one):
            return point
    return one.position


def _square(point: Point, one: Incident) -> tuple[int, int]:
    drawn, side = (
        point.transform(one.drawing.srid, clone=True),
        drawn_side(Area.objects.get(code=COMMUNITY).geometry.centroid.y),
    )
    return int(drawn.x // side), int(drawn.y // side)


@pytest.mark.parametrize("size", ["public-photo", "public-photo-small"])
def test_a_photo_shown_holds_no_pixel_beneath_a_box_and_nothing_but_pixels(marked, cast, size: str) -> None:
    photo = Attachment.objects.filter(incident=marked).first()
    shown = publish_photo(photo, read_boxes("0 0 100 100"), shows_result=False, user=cast.zhou)
    answer = Browser().get(reverse(size, args=[shown.uuid]))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200
    for chunk in (b"Exif", b"http://ns.adobe", b"ICC_PROFILE", b"Photoshop", b"GPS", str(photo.uuid).encode()):
        assert chunk not in body
    assert max(high for _low, high in Image.open(io.BytesIO(body)).convert("RGB").getextrema()) < 12


def test_following_by_number_says_and_does_the_same_whether_it_exists_or_not(marked) -> None:
    def tried(number: str, digits: str) -> tuple[bytes, list[str]]:
        with CaptureQueriesContext(connection) as ran:
            answer = Browser(REMOTE_ADDR="198.51.100.7").post("/case/", {"number": number, "digits": digits})
        said = _still(_headers(answer), answer.content).replace(number.encode(), b"").replace(digits.encode(), b"")
        return said, [re.sub(r"'[^']*'|\d+|\\x[0-9a-f]+", "?", one["sql"]) for one in ran]

    known, unknown = tried(marked.number, "9999"), tried("ZQ" + "0" * (len(marked.number) - 2), "9999")
    assert known == unknown


def test_links_guessed_by_a_script_are_all_answered_alike(marked) -> None:
    answers = {_answer_to_link(secrets.token_hex(16)) for _ in range(40)}
    answers |= {_answer_to_link(one) for one in (hashed("x")[:32], "a" * 32, "2" * 32)}
    assert len(answers) == 1


def _answer_to_link(key: str) -> bytes:
    answer = Browser().get(f"/case/{key}/")
    assert answer.status_code == 404
    return _still(_headers(answer), answer.content).replace(key.encode(), b"")


def test_a_script_that_guesses_digits_is_stopped_and_shuts_nobody_else_out(marked) -> None:
    def tries(address: str, digits: str) -> int:
        return Browser(REMOTE_ADDR=address).post("/case/", {"number": "19990101-000002", "digits": digits}).status_code

    script = [tries("198.51.100.9", f"{n:04d}") for n in range(15)]
    assert script[9] == script[0] != script[10] == script[14]
    assert tries("198.51.100.10", "0001") == script[0]
