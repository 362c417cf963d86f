from django.core.management.base import BaseCommand

from gis.codes.loading import load_table, table_names
from gis.incidents.categories import load_categories


class Command(BaseCommand):
    help = "Load the code tables and incident categories from gis/codes/tables (safe to run again)."

    def handle(self, *args, **options) -> None:
        entries = sum(load_table(name) for name in table_names())
        categories = load_categories()
        self.stdout.write(f"{len(table_names())} code tables with {entries} entries, {categories} categories.")
