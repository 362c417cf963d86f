from gis.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Import residents with the dwelling they live in.\n"
        "Example: python3 manage.py import_residents residents.xlsx --report refused.xlsx"
    )
    subject = "residents"
