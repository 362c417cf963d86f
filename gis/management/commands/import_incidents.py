from argparse import BooleanOptionalAction
from dataclasses import replace

from django.conf import settings
from django.core.management.base import CommandParser

from gis.exchange.options import Options
from gis.hotline.columns import fields
from gis.management.hotline import import_hotline, is_hotline
from gis.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Import incidents with their positions, or the work orders that a 12345 hotline exports.\n"
        "Example: python3 manage.py import_incidents orders.xlsx --hotline --area 110113001"
    )
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
        parser.add_argument(
            "--hotline",
            action=BooleanOptionalAction,
            help="an export of a 12345 hotline: work orders with addresses and callers (default: by its columns); "
            f"its fields: {', '.join(fields())}",
        )
        parser.add_argument("--area", default="", metavar="CODE", help="of a hotline's export: the area it is of")

    def handle(self, *args, **given) -> None:
        wished = given["hotline"]
        if is_hotline(given["file"]) if wished is None else wished:
            import_hotline(given, self.stdout.write)
        else:
            super().handle(*args, **given)

    def options(self, given: dict) -> Options:
        return replace(
            super().options(given),
            margin=given["margin"],
            into=given["into"],
            timezone=given["timezone"],
            time_format=given["time_format"],
            category=given["category"],
        )
