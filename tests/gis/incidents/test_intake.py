"""A report becomes an incident, or one more voice for one, whole or not at all."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from gis import crs
from gis.accounts.scope import applied
from gis.errors import NotAllowed, Refused
from gis.incidents import photo_store
from gis.incidents.intake import Told, file_report
from gis.incidents.photo_clearing import clear_orphans
from gis.models import Attachment, Building, Category, CellVersion, Incident, IncidentChange, Step, User
from tests.browsing import as_server
from tests.gis.incidents.photos import a_jpeg
from tests.web.pages.street import EAST, A, B, build_street

pytestmark = pytest.mark.django_db
#: Fields of cell A; the row of buildings is south of it.
IN_A = Point(116.605, 40.107, srid=crs.STORE)
NOW = timezone.now


@pytest.fixture(autouse=True)
def _street(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    build_street()


@pytest.fixture
def worker() -> User:
    return User.objects.get(username="paper-worker")


def category(code: str = "C0301") -> Category:
    return Category.objects.get(kind="community", code=code)


def filed(user: User, photos=(), at=None, **told):
    wanted = {"category": category().pk, "point": IN_A} | told
    return file_report(Told(**wanted), photos, user=user, access=user.access, at=at or NOW())


def refused(user: User, field: str, photos=(), at=None, **told) -> Refused:
    before = Incident.objects.count(), Step.objects.count(), Attachment.objects.count()
    with pytest.raises(Refused) as error:
        filed(user, photos, at, **told)
    assert (Incident.objects.count(), Step.objects.count(), Attachment.objects.count()) == before
    assert error.value.fix
    assert list(error.value.fields) == [field]
    return error.value


def files(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def test_it_opens_an_incident_where_it_was_seen(worker):
    at = NOW() - timedelta(minutes=5)
    incident = filed(worker, at=at, text=" 楼前\x00有垃圾\x1b ").incident
    stored = Incident.objects.get(number=incident.number)
    version = CellVersion.objects.get(code=A)
    assert (stored.area, stored.cell_id, stored.state, stored.origin) == (A, version.pk, "reported", "worker")
    assert (stored.description, stored.reported_at, stored.doubt) == ("楼前有垃圾", at, "")
    assert stored.number.startswith(f"{timezone.localtime(at):%Y%m%d}-")
    assert stored.position.equals_exact(IN_A, 1e-9)


def test_its_first_step_is_the_reporters(worker):
    step = filed(worker).incident.steps.get()
    assert (step.before, step.after, step.actor, step.act) == ("", "reported", worker, "report")


def test_open_maps_hear_of_it(worker):
    IncidentChange.objects.all().delete()
    incident = filed(worker).incident
    note = IncidentChange.objects.get()
    assert (note.is_new, note.incidents, note.areas) == (True, [incident.pk], [EAST])


def test_its_time_limit_is_the_categorys(worker):
    friday = datetime(2026, 11, 20, 8, tzinfo=UTC)  # 16:00 in Beijing
    urgent = category("C0101")
    assert filed(worker, at=friday, category=urgent.pk).incident.due_at == friday + timedelta(hours=24)
    city = Category.objects.filter(kind="city").first()
    assert filed(worker, at=friday, category=city.pk).incident.due_at is None


def test_a_building_is_a_place_of_its_own(worker):
    building = Building.objects.filter(area=A).first()
    incident = filed(worker, point=None, building=building.pk).incident
    assert (incident.building, incident.place) == (building, building.label)
    assert building.geometry.contains(incident.position)


def test_a_position_inside_a_building_finds_it_and_one_near_is_called_after_it(worker):
    building = Building.objects.filter(area=A).first()
    assert filed(worker, point=building.geometry.point_on_surface).incident.building == building
    beside = Point(116.6025, 40.1033, srid=crs.STORE)
    near = filed(worker, point=beside).incident
    assert (near.building, near.place) == (None, f"{building.label}附近")
    assert filed(worker, point=beside, place="  东门  外 ").incident.place == "东门 外"


def test_a_community_takes_what_lies_in_no_cell():
    CellVersion.objects.filter(code=B).update(valid=DateRange(date(2024, 1, 1), date(2025, 1, 1)))
    clerk = User.objects.get(username="paper-community")
    incident = filed(clerk, point=Point(116.615, 40.107, srid=crs.STORE)).incident
    assert (incident.area, incident.cell) == (EAST, None)


def test_it_refuses_a_place_outside_and_says_how_far(worker):
    error = refused(worker, "place", point=Point(116.611, 40.105, srid=crs.STORE))
    assert "85 米" in error.message
    assert "公里" in refused(worker, "place", point=Point(116.7, 40.105, srid=crs.STORE)).message
    refused(worker, "place", point=Point(-70, -40, srid=crs.STORE))
    refused(worker, "place", point=None)
    refused(worker, "place", building=Building.objects.filter(area=B).first().pk)
    refused(worker, "place", building=2**62)


def test_it_refuses_a_category_that_is_none_or_no_more(worker):
    refused(worker, "category", category=None)
    refused(worker, "category", category=2**62)
    Category.objects.filter(pk=category().pk).update(retired=True)
    assert "停用" in refused(worker, "category").message
    foreign = Category.objects.create(kind="imported", code="x", major="x", name="x")
    refused(worker, "category", category=foreign.pk)


def test_other_matters_need_a_word(worker):
    other = category("C9999").pk
    refused(worker, "text", category=other)
    assert filed(worker, category=other, text="水表箱漏水").incident
    assert filed(worker, [a_jpeg()], category=other).incident


def test_it_refuses_the_future_and_takes_a_clock_a_little_ahead(worker):
    refused(worker, "at", at=NOW() + timedelta(hours=1))
    assert filed(worker, at=NOW() + timedelta(seconds=30)).incident
    assert filed(worker, at=NOW() - timedelta(days=3)).incident


def test_it_refuses_a_document_for_a_description(worker):
    refused(worker, "text", text="字" * 2001)


def test_a_position_that_may_be_off_is_marked(worker):
    assert filed(worker, error=180.4).incident.doubt == "手机定位误差约 180 米"
    assert filed(worker, error=12).incident.doubt == ""


@pytest.mark.parametrize("name", ["paper-planner", "paper-officer", "paper-admin"])
def test_a_role_that_reports_nothing_reports_nothing(name):
    with pytest.raises(NotAllowed):
        filed(User.objects.get(username=name))


def test_numbers_step_over_those_that_exist(worker):
    first = filed(worker).incident
    day, running = first.number.split("-")
    Incident.objects.filter(state="closed").update(source_code="")
    taken = Incident.objects.exclude(pk=first.pk).first()
    Incident.objects.filter(pk=taken.pk).update(number=f"{day}-{int(running) + 1:06d}")
    assert filed(worker).incident.number == f"{day}-{int(running) + 2:06d}"


def test_photos_come_with_it(worker, tmp_path):
    incident = filed(worker, [a_jpeg(300, 200, orientation=6), a_jpeg()]).incident
    first, second = incident.attachments.all()
    assert (first.width, first.height, first.position, second.position) == (200, 300, 1, 2)
    assert first.step == incident.steps.get()
    assert first.read("full")[:2] == first.read("small")[:2] == b"\xff\xd8"
    assert len(files(tmp_path)) == 4
    assert {oct(path.stat().st_mode & 0o777) for path in files(tmp_path)} == {"0o600"}


def test_one_bad_photo_refuses_the_whole_and_is_named(worker, tmp_path):
    error = refused(worker, "photo-2", [a_jpeg(), b"%PDF-1.7", a_jpeg()])
    assert "2" in error.message
    assert "PDF" in error.fields["photo-2"]
    refused(worker, "photos", [a_jpeg()] * 5)
    assert files(tmp_path) == []


def test_what_fails_later_leaves_no_photo_behind(worker, tmp_path):
    refused(worker, "place", [a_jpeg()], point=Point(116.7, 40.1, srid=crs.STORE))
    assert files(tmp_path) == []


def test_it_joins_an_open_incident_and_counts_stay_true(worker, tmp_path):
    known = Incident.objects.get(number__endswith="-3", area=A)
    before = Incident.objects.count()
    done = filed(worker, [a_jpeg()], same_as=known.number, text="又堆满了", category=None, point=None)
    assert (done.joined, done.incident, Incident.objects.count()) == (True, known, before)
    step = known.steps.last()
    assert (step.act, step.before, step.after, step.note) == ("again", known.state, known.state, "又堆满了")
    assert known.attachments.get().step == step


def test_it_does_not_join_what_is_closed_or_elsewhere(worker):
    refused(worker, "same_as", same_as=Incident.objects.get(number__endswith="-1", area=A).number)
    refused(worker, "same_as", same_as=Incident.objects.get(number__endswith="-3", area=B).number)
    refused(worker, "same_as", same_as="no such")


def test_the_server_may_do_all_of_it(worker):
    """With the rights of a request: row-level security holds."""
    with as_server(), applied(worker.access.which("people.count")):
        incident = filed(worker, [a_jpeg()]).incident
        assert incident.attachments.count() == 1


def seen(setting: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE wangge_app")
        cursor.execute("SELECT set_config('app.scope', %s, true)", [setting])
        cursor.execute("SELECT count(*) FROM grid_attachment")
        number = cursor.fetchone()[0]
        transaction.set_rollback(True)
    return number


def test_the_database_hides_photos_from_who_may_not_see_the_place(worker):
    incident = filed(worker, [a_jpeg()]).incident
    assert [seen(scope) for scope in (A, EAST, f"{A},{B}", B, "", "x", "9", "99', '")] == [1, 1, 1, 0, 0, 0, 0, 0]
    Incident.objects.filter(pk=incident.pk).update(area=B)
    assert (seen(A), seen(B)) == (0, 1)


@pytest.mark.parametrize("act", ["UPDATE grid_attachment SET size = 0", "DELETE FROM grid_attachment"])
def test_photos_are_appended_never_rewritten(worker, act):
    filed(worker, [a_jpeg()])
    with pytest.raises(DatabaseError), transaction.atomic(), as_server(), connection.cursor() as cursor:
        cursor.execute(act)


def test_left_over_files_go_after_a_day_and_those_with_a_row_stay(worker, tmp_path):
    incident = filed(worker, [a_jpeg()]).incident
    with pytest.raises(RuntimeError), photo_kept():
        raise RuntimeError
    left = photo_store.keep(clean())
    assert clear_orphans() == 0
    later = (NOW() + timedelta(days=2)).timestamp()
    with as_server(), transaction.atomic():
        assert photo_store.clear_orphans(named_by_rows, later) == 1
    assert incident.attachments.get().read("small")
    with pytest.raises(FileNotFoundError):
        photo_store.read(left, "full")


def clean():
    from gis.incidents.photo import clean_photo

    return clean_photo(a_jpeg())


def photo_kept():
    from gis.incidents.attaching import kept

    return kept([clean()])


def named_by_rows(names: set[str]) -> set[str]:
    from gis.incidents.attachment import named

    return named(names)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "x" * 40, "0" * 39, "0" * 40 + "/"])
def test_no_name_leads_elsewhere(name):
    with pytest.raises(FileNotFoundError):
        photo_store.read(name, "full")
