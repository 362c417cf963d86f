import re

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gis.errors import WanggeError
from gis.models import Hold, Incident, Resident
from gis.retiring.running import over, retire
from gis.retiring.terms import classes, since


class Command(BaseCommand):
    help = (
        "Delete what is kept no longer: people gone for long, old facts, photos, logs. Without --yes it only counts.\n"
        "Example: python3 manage.py retire --only photo --yes"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--yes", action="store_true", help="delete it")
        parser.add_argument("--only", default="", choices=["", *classes()], help="one class of records")
        parser.add_argument("--hold", metavar="resident:KEY|incident:NUMBER", help="keep this until it is released")
        parser.add_argument("--reason", default="", help="of a hold: who demands it, and the number of the demand")
        parser.add_argument("--release", type=int, metavar="HOLD", help="end a hold")

    def handle(self, *args, yes: bool, only: str, hold: str, reason: str, release: int, **options) -> None:
        try:
            if hold:
                self.stdout.write(f"Hold {_hold(hold, reason)} keeps {hold}.")
            elif release:
                self.stdout.write(f"Hold {_release(release)} has ended.")
            elif yes:
                self._retire(only)
            else:
                self._count(only)
        except WanggeError as error:
            raise CommandError(str(error)) from None

    def _count(self, only: str) -> None:
        found = over(timezone.localdate(), only)
        for one in found:
            before = f"before {one.day}" if one.day else "each by its field"
            self.stdout.write(f"{one.records:>9,}  {one.name}: {since(one.name)}, {before}")
        some = any(one.records for one in found)
        self.stdout.write("Nothing was deleted. Delete it by: retire --yes" if some else "Nothing is over.")
        for one in Hold.objects.standing().order_by("pk"):
            of = f"resident:{one.resident_id}" if one.resident_id else f"incident:{one.incident.number}"
            self.stdout.write(f"  hold {one.pk}: {of}, since {timezone.localdate(one.at)}, {one.reason}")

    def _retire(self, only: str) -> None:
        for one in retire(timezone.localdate(), only=only):
            if one.records:
                self.stdout.write(f"{one.records:>9,}  {one.name} deleted")
        self.stdout.write("Done.")


def _hold(what: str, reason: str) -> int:
    found = re.fullmatch(r"(resident|incident):(\S{1,40})", what)
    if not found or len(reason.strip()) < 2:
        raise WanggeError(
            "A hold names what it keeps, and why.", fix='Write --hold resident:KEY --reason "who demands it".'
        )
    kind, name = found.groups()
    rows = Resident.objects.filter(pk=int(name)) if kind == "resident" and name.isdecimal() else Resident.objects.none()
    if kind == "incident":
        rows = Incident.objects.filter(number=name)
    if (one := rows.first()) is None:
        raise WanggeError(f"There is no {what}.", fix="Look for its key or number on its page.")
    return Hold.objects.create(**{kind: one}, reason=reason.strip()[:200]).pk


def _release(key: int) -> int:
    if not Hold.objects.standing().filter(pk=key).update(ended_at=timezone.now()):
        raise WanggeError(f"No hold {key} stands.", fix="See which do: retire without arguments.")
    return key
