"""The night's job deletes with the owner's login what a request has no right to."""

import subprocess
from datetime import date

import pytest
from django.db import ProgrammingError

from gis.accounts.scope import Scope, applied
from gis.models import Dwelling, Fact, Field, Gone, Residence, Resident, Retired
from tests.cast import COMMUNITY
from tests.databases import address_of
from web.tasks import retire


def test_it_deletes_as_the_owner_though_the_worker_is_not(own_town, monkeypatch):
    door = Dwelling.objects.filter(area__startswith=COMMUNITY).earliest("pk")
    one = Resident.objects.create(name="甲", area=door.area)
    Residence.objects.create(
        resident=one, dwelling=door, starts=date(2001, 1, 1), ends=date(2002, 2, 2), area=door.area
    )
    field = Field.objects.filter(subject="person", kept="").earliest("pk")
    fact = Fact.objects.create(field=field, resident=one, value="x", source="visit", said_on=date(2001, 2, 3))
    with pytest.raises(ProgrammingError, match="permission denied"), applied(Scope.of([COMMUNITY])):
        Fact.objects.filter(pk=fact.pk)._raw_delete("default")
    monkeypatch.setenv("DATABASE_URL", address_of(own_town))
    monkeypatch.setenv("WANGGE_SERVING", "1")
    retire(timestamp=0)
    assert not Resident.objects.filter(pk=one.pk).exists()
    assert Gone.objects.get(key=one.pk).area == COMMUNITY
    assert Retired.objects.get(what="person").records >= 1


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (
            "Traceback (most recent call last):\n  File x, line 1, in y\n"
            'django.db.utils.IntegrityError: duplicate key value violates unique constraint "resident_identity"\n'
            "DETAIL:  Key (name, phone)=(张伟, 13800130002) already exists.\n",
            "IntegrityError",
        ),
        ("CommandError: 110101199003077897 is no number", "CommandError"),
        ("Killed\n", "unknown"),
        ("", "unknown"),
        ("张伟Error: x", "unknown"),
    ],
)
def test_a_failure_is_logged_by_its_kind_and_by_nothing_of_a_row(told, kind, monkeypatch, caplog):
    failed = subprocess.CompletedProcess([], 1, "", told)
    monkeypatch.setattr(subprocess, "run", lambda *_given, **_told: failed)
    with pytest.raises(subprocess.CalledProcessError) as raised:
        retire(timestamp=0)
    (record,) = caplog.records
    assert (record.getMessage(), record.reason) == ("retiring failed", kind)
    assert "1380013" not in str(raised.value)
    assert "张伟" not in repr(record.__dict__)
