"""Who may open the mediation of a case, and the only way to it: outside `opened` the database shows none of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access, Scope
from gis.accounts.users import User
from gis.errors import OutOfScope
from gis.incidents.incident import Incident
from gis.incidents.mediation.dispute import Dispute, DisputeLook

#: The major class of the community's categories whose cases are disputes.
DISPUTES = "矛盾纠纷"


def may_open(incident: Incident, user: User, access: Access) -> bool:
    """Whether somebody handles a dispute: the capability `dispute.read` where it lies, or a task of theirs in it.

    Where a task names who handles it, it is that person's alone.
    """
    if access.may("dispute.read", incident.area):
        return True
    if not access.may("incident.read", incident.area):
        return False
    held = incident.assignments.filter(ended=None)
    return any(one.handler_id == user.pk if one.handler_id else one.is_of(user, access) for one in held)


@contextmanager
def opened(incident: Incident, user: User, access: Access) -> Iterator[None]:
    """A transaction in which the mediation of one case is there. Raises OutOfScope for whoever does not handle it."""
    if not may_open(incident, user, access):
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    with _shown(f"case:{incident.pk}"):
        yield


@contextmanager
def opened_within(scope: Scope) -> Iterator[None]:
    """The same for every case of a scope of `dispute.read`."""
    with _shown(scope.setting):
        yield


@contextmanager
def _shown(setting: str) -> Iterator[None]:
    with transaction.atomic():
        before = _swap(setting)
        yield
        _swap(before)


def _swap(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.disputes', true), '')")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('app.disputes', %s, true)", [setting])
    return before


def record_of(incident: Incident) -> Dispute | None:
    """The record of a case, where it has one and it is open."""
    return Dispute.objects.select_related("written_by").filter(incident=incident).first()


def note_look(dispute: Dispute, user: User) -> None:
    """Write down that somebody has opened a record, once a day."""
    look = DisputeLook(dispute=dispute, by=user, day=timezone.localdate())
    DisputeLook.objects.bulk_create([look], ignore_conflicts=True)
