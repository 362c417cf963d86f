import sys
from getpass import getpass

from django.core.management.base import BaseCommand, CommandError

from gis.accounts.opening import one_time_password, open_administrator
from gis.errors import WanggeError
from gis.models import Area


class Command(BaseCommand):
    help = (
        "Open an account that administers an area. Asks for the password, or prints one that works once.\n"
        "Example: python3 manage.py create_administrator zhang --area 110113 --one-time-password"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--area", required=True, help="division code of 2, 4, 6 or 9 digits, such as 110113")
        parser.add_argument(
            "--one-time-password", action="store_true", help="print a password that must be changed at first sign-in"
        )

    def handle(self, *args, username: str, area: str, one_time_password: bool, **options) -> None:
        one_time = one_time_password or not sys.stdin.isatty()
        password = _made() if one_time else _asked()
        try:
            user = open_administrator(username, area, password, one_time=one_time)
        except WanggeError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{user.username} administers {area} from today on.")
        if one_time:
            self.stdout.write(f"One-time password: {password}")
        if Area.objects.filter(source="demo").exists():
            self.stderr.write(
                "This database holds the demonstration town, whose accounts and password everybody can read.\n"
                "Fix: for real data begin with an empty database, `manage.py up --empty`, or switch those accounts off."
            )


def _made() -> str:
    return one_time_password()


def _asked() -> str:
    password = getpass("Password: ")
    if password != getpass("Password (again): "):
        raise CommandError("The two passwords differ. Run the command again.")
    return password
