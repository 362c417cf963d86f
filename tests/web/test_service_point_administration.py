"""An administrator keeps the service points of the area, and of no other."""

from django.utils import timezone

from gis.models import ServicePoint
from tests.cast import OTHER_STREET, STREET


def point_in(area: str) -> ServicePoint:
    return ServicePoint.objects.filter(area__startswith=area).first()


def data_at(point: ServicePoint, **more) -> dict:
    x, y = point.position.coords
    given = {"kind": "canteen", "name": "新食堂", "longitude": x, "latitude": y, "starts": timezone.localdate()}
    return given | more


def test_it_adds_one_whose_area_follows_the_position(client_of):
    here = point_in(STREET)
    assert client_of("admin").post("/admin/grid/servicepoint/add/", data_at(here)).status_code == 302
    assert ServicePoint.objects.get(name="新食堂").area == here.area


def test_it_refuses_a_position_outside_the_area_and_days_that_contradict(cast, client_of):
    cast.admin.postings.update(area=OTHER_STREET)
    admin = client_of("admin")
    answer = admin.post("/admin/grid/servicepoint/add/", data_at(point_in(STREET)))
    assert "该位置不在您的辖区内" in answer.content.decode()
    answer = admin.post("/admin/grid/servicepoint/add/", data_at(point_in(OTHER_STREET), ends="2020-01-01"))
    assert answer.status_code == 200
    assert not ServicePoint.objects.filter(name="新食堂").exists()


def test_it_neither_lists_nor_opens_those_of_another_area(cast, client_of):
    cast.admin.postings.update(area=OTHER_STREET)
    admin, other = client_of("admin"), point_in(STREET)
    listed = admin.get("/admin/grid/servicepoint/").content.decode()
    assert point_in(OTHER_STREET).area in listed
    assert f">{STREET}" not in listed
    assert admin.get(f"/admin/grid/servicepoint/{other.pk}/change/").status_code == 302
    admin.post(f"/admin/grid/servicepoint/{other.pk}/change/", data_at(point_in(OTHER_STREET)))
    assert ServicePoint.objects.get(pk=other.pk).name != "新食堂"
