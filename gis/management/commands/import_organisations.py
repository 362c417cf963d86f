from gis.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Import organisations (firms, shops, schools, small fire-risk sites) with the building they are in.\n"
        "Example: python3 manage.py import_organisations shops.csv --encoding gb18030 --source market"
    )
    subject = "organisations"
