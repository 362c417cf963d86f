"""Whose phone it is, as a word that names nobody: what a phone marks its items with."""

from django.utils.crypto import salted_hmac

from gis.models import User


def holder_of(user: User) -> str:
    """16 hexadecimal digits, always the same for one account of one installation."""
    return salted_hmac("wangge.field.holder", str(user.pk)).hexdigest()[:16]
