"""Kept figures while two connections write at the same moment."""

import threading
from datetime import date

from django.db import connection, connections, transaction

from gis.models import Residence, Resident
from gis.statistics.recounting import wrong_areas


def test_it_is_right_when_two_write_at_the_same_moment(own_town):
    """One moves a person in while another corrects the same person: neither sees the other's work yet."""
    person = Residence.objects.filter(kind="living", ends=None).select_related("resident", "dwelling").first()
    Residence.objects.filter(pk=person.pk).delete()
    started = threading.Event()

    def correct() -> None:
        started.set()
        Resident.objects.filter(pk=person.resident_id).update(population="overseas", born=date(1931, 1, 1))
        connections.close_all()

    other = threading.Thread(target=correct)
    with transaction.atomic():
        Residence.objects.create(
            resident=person.resident, dwelling=person.dwelling, starts=date(2024, 1, 1), area=person.area
        )
        other.start()
        started.wait()
        _wait_until_someone_waits()
    other.join()
    assert wrong_areas() == set()


def _wait_until_someone_waits() -> None:
    """Until the other connection stands before our lock; it cannot pass while our transaction is open."""
    with connection.cursor() as cursor:
        for _ in range(20_000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited")
