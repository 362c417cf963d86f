from gis.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Import organisations (firms, shops, schools, small fire-risk sites) with the building they are in."
    subject = "organisations"
