from dataclasses import replace

from django.conf import settings
from django.core.management.base import CommandParser

from gis.exchange.options import Options
from gis.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import incidents with their positions."
    subject = "incidents"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--margin",
            type=float,
            default=0.0,
            metavar="METRES",
            help="how far outside every community an incident may lie and still go to the nearest, marked as doubtful",
        )
        parser.add_argument(
            "--into",
            default="",
            metavar="CODE",
            help="one local area for all rows, as 990001; outlined around the bulk of the points if it is new",
        )
        parser.add_argument(
            "--timezone", default=settings.TIME_ZONE, help="zone of times without one (default %(default)s)"
        )
        parser.add_argument(
            "--time-format",
            default="",
            metavar="FORMAT",
            help="how times are written, as %%d/%%m/%%Y %%H:%%M, where it is not recognised",
        )
        parser.add_argument(
            "--category", default="", metavar="NAME", help="category of all rows, where the file has no such column"
        )

    def options(self, given: dict) -> Options:
        return replace(
            super().options(given),
            margin=given["margin"],
            into=given["into"],
            timezone=given["timezone"],
            time_format=given["time_format"],
            category=given["category"],
        )
