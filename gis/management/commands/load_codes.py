from django.core.management.base import BaseCommand

from gis.codes.loading import load_table, table_names
from gis.collection.catalogue import load_fields
from gis.incidents.categories import load_categories


class Command(BaseCommand):
    help = (
        "Load the code tables and incident categories from gis/codes/tables (safe to run again).\n"
        "Example: python3 manage.py load_codes"
    )

    def handle(self, *args, **options) -> None:
        entries = sum(load_table(name) for name in table_names())
        categories, fields = load_categories(), load_fields()
        tables = f"{len(table_names())} code tables with {entries} entries"
        self.stdout.write(f"{tables}, {categories} categories, {fields} fields of the catalogue.")
