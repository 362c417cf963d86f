from dataclasses import replace

from django.core.management.base import CommandParser

from gis.exchange.options import Options
from gis.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Import buildings with their outlines.\n"
        "Example: python3 manage.py import_buildings buildings.zip --crs EPSG:4548 --source survey"
    )
    subject = "buildings"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--margin",
            type=float,
            default=0.0,
            metavar="METRES",
            help="how far outside every community a building may stand and still belong to the nearest",
        )

    def options(self, given: dict) -> Options:
        return replace(super().options(given), margin=given["margin"])
