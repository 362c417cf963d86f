from dataclasses import replace

from django.core.management.base import CommandParser

from gis.codes.division import LENGTHS
from gis.exchange.options import Options
from gis.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Import divisions (province to community) or cells.\n"
        "Example: python3 manage.py import_areas cells.gpkg --starts 2026-07-01 --dry-run"
    )
    subject = "areas"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--level", choices=list(LENGTHS), help="what the rows are (default: by the length of their codes)"
        )
        parser.add_argument("--under", default="", metavar="CODE", help="the area that rows without codes lie in")
        parser.add_argument(
            "--starts", default="", metavar="YYYY-MM-DD", help="cells only: in force from this day (default: today)"
        )

    def options(self, given: dict) -> Options:
        return replace(super().options(given), level=given["level"], under=given["under"], starts=given["starts"])
