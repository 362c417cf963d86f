from django.core.management.base import BaseCommand

from gis.accounts.sign_on_keys import rotate_sign_on_key


class Command(BaseCommand):
    help = (
        "Sign with a new key what departments' systems are told; the old one is published for one more hour.\n"
        "Example: python3 manage.py rotate_sign_on_key"
    )

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"Signing with key {rotate_sign_on_key()} from now on.")
