from gis.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import residents with the dwelling they live in."
    subject = "residents"
