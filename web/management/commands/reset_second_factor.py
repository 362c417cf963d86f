from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from gis.accounts.second_factor import has_second_factor, remove_second_factor
from gis.models import User
from web.sessions import end_of_all


class Command(BaseCommand):
    help = (
        "Take the second step of signing in away from an account whose owner has lost phone and spare codes, and end\n"
        "its sessions and what departments' systems hold of it. For the administrator whom no other can help.\n"
        "Example: python3 manage.py reset_second_factor zhang"
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")

    def handle(self, *args, username: str, **options) -> None:
        user = User.objects.filter(username=username).first()
        if user is None or not has_second_factor(user):
            raise CommandError(f"There is no account {username!r} with a second step.")
        with transaction.atomic():
            remove_second_factor([user])
            end_of_all([user])
        self.stdout.write(f"{user.username} signs in with the password alone until a second step is set up again.")
