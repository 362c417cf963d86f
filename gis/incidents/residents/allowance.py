"""How much one may do in a while: counted in the database, so a restart forgets nothing, and by a keyed hash of who it
was, so that no address is kept. What has run out is cleared within a day.
"""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.columns import BlindIndexField
from gis.errors import TooMany
from gis.people.sealing import blind_index

_COUNT = """
INSERT INTO grid_allowance (what, who, since, used) VALUES (%s, %s, %s, 1)
ON CONFLICT (what, who, since) DO UPDATE SET used = grid_allowance.used + 1 RETURNING used"""


class Allowance(models.Model):
    """How often one visitor did one thing within one window of time."""

    what = models.CharField(max_length=12)
    who = BlindIndexField()
    since = models.DateTimeField()
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "who", "since"], name="allowance_once_per_window")]

    def __str__(self) -> str:
        return f"allowance {self.pk}"


def visitor(address: str, day: datetime | None = None) -> bytes:
    """Who it is, as far as counting needs: the same address is another visitor on another day."""
    network = network_of(address).replace(".", "x").replace(":", "y")  # the index leaves signs out
    return blind_index(f"visitor {network} {timezone.localdate(day).isoformat()}")


def network_of(address: str) -> str:
    """An address as one counts it: of IPv6 the first half, for the second is anybody's to choose. Raises ValueError."""
    whole = ip_address(address.partition("%")[0])
    if whole.version == 4:
        return str(whole)
    return str(whole.ipv4_mapped or ip_network((whole, 64), strict=False).network_address)


def spend(what: str, who: bytes, most: int, every: timedelta, at: datetime | None = None) -> None:
    """Count one more. Raises TooMany where that is more than is allowed in this window of time."""
    now = at or timezone.now()
    since = _window(now, every)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [what, who, since])
        used = cursor.fetchone()[0]
    if used > most:
        minutes = max(1, round((since + every - now).total_seconds() / 60))
        raise TooMany(
            _("短时间内次数太多了。"),
            fix=_("请 %(minutes)d 分钟后再试；紧急的事请拨打 12345。") % {"minutes": minutes},
        )


def give_back(what: str, who: bytes, every: timedelta, at: datetime) -> None:
    """Take back what was counted at that moment: it was nothing to hold against anybody."""
    counted = Allowance.objects.filter(what=what, who=who, since=_window(at, every), used__gt=0)
    counted.update(used=models.F("used") - 1)


def _window(now: datetime, every: timedelta) -> datetime:
    """When the window of time began that a moment is in."""
    return datetime.fromtimestamp(now.timestamp() // every.total_seconds() * every.total_seconds(), UTC)


def clear_spent(now: datetime | None = None) -> int:
    """Forget what was counted more than a day ago."""
    return Allowance.objects.filter(since__lt=(now or timezone.now()) - timedelta(days=1)).delete()[0]
