from django.core.management.base import BaseCommand

from gis.people.due import recount_due
from gis.statistics.recounting import recount, wrong_areas


class Command(BaseCommand):
    help = (
        "Hold the kept figures of every cell, and when people are due, against a full recount; mend what differs.\n"
        "Example: python3 manage.py recount --check"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="say what differs, change nothing")

    def handle(self, *args, check: bool, **options) -> None:
        wrong = wrong_areas()
        if wrong and not check:
            recount()
        mended = "" if check or not wrong else " Recounted."
        self.stdout.write(f"{len(wrong)} areas with a wrong figure.{mended}")
        late = recount_due(mend=not check)
        mended = "" if check or not late else " Worked out again."
        self.stdout.write(f"{late} people whose next visit was kept wrongly.{mended}")
