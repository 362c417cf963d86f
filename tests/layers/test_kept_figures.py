"""The kept figures in memory: the same as in the database after any change, whoever makes it."""

import random
from datetime import date

import numpy as np
from django.db import connection, connections, transaction

from gis.models import Births, Figures, Residence, Resident
from gis.statistics.recounting import recount
from layers.incident_columns import numbers_of
from layers.kept_figures import NAMES, Kept, forget, kept_now


def number(code: str) -> int:
    return int(numbers_of(np.frombuffer(code.ljust(15).encode(), dtype=np.uint8)[None, :])[0])


def in_database() -> tuple[dict, dict]:
    figures = {number(row[0]): row[1:] for row in Figures.objects.values_list("area", *NAMES) if any(row[1:])}
    years: dict[tuple[int, int], int] = {}
    for area, year, people in Births.objects.exclude(number=0).values_list("area", "year", "number"):
        years[number(area), year] = years.get((number(area), year), 0) + people
    return figures, years


def in_memory(kept: Kept) -> tuple[dict, dict]:
    figures = {int(area): tuple(row) for area, row in zip(kept.areas, kept.figures.T.tolist(), strict=True) if any(row)}
    rows, columns = np.nonzero(kept.births)
    years = {
        (int(kept.areas[column]), int(row + 1899 if row else 0)): int(kept.births[row, column])
        for row, column in zip(rows, columns, strict=True)
    }
    return figures, years


def test_it_follows_every_change_and_reads_a_writers_own_rows_without_keeping_them(own_town):
    forget()
    before = kept_now()
    assert in_memory(before) == in_database()
    pick = random.Random(5)
    stays = list(Residence.objects.filter(kind="living", ends=None).values_list("pk", flat=True))
    for _ in range(5):
        some = pick.sample(stays, 3)
        Residence.objects.filter(pk__in=some).update(area=pick.choice(["110113001006001", "110113009009009"]))
        Resident.objects.filter(residences__pk__in=some).update(born=pick.choice([None, date(1931, 1, 1)]))
        assert in_memory(kept_now()) == in_database()
    kept = kept_now()
    assert in_memory(before) != in_memory(kept)  # the copy that a request may still be reading stays as it was
    with transaction.atomic():
        Residence.objects.filter(pk__in=stays[:50]).delete()
        assert in_memory(kept_now()) == in_database()
        transaction.set_rollback(True)
    assert in_memory(kept_now()) == in_memory(kept)


def test_it_hears_of_who_began_before_and_commits_after(own_town):
    forget()
    kept_now()
    other = connections.create_connection("default")
    other.connect()
    with other.cursor() as slow:
        slow.execute("BEGIN")
        slow.execute("UPDATE grid_dwelling SET state = 'empty' WHERE area = '110113001006001'")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE grid_dwelling SET state = 'rented' WHERE area = '110113001006002'")
        assert in_memory(kept_now()) == in_database()
        slow.execute("COMMIT")
    other.close()
    assert in_memory(kept_now()) == in_database()


def test_it_follows_a_recount(own_town):
    forget()
    Figures.objects.create(area="110113009009009", buildings=7)
    kept_now()
    recount()
    assert in_memory(kept_now()) == in_database()
