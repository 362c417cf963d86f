"""Opening an administrator's account from the command line: the first one of an installation, or one more."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gis.accounts.postings import Posting
from gis.accounts.roles import roles
from gis.accounts.users import User
from gis.errors import BadCode, WanggeError


def open_administrator(username: str, area: str, password: str, *, one_time: bool) -> User:
    """An account that administers an area from today on; `one_time` asks for a new password at the first sign-in.

    Raises BadCode for an area an administrator cannot have, WanggeError for a name that is taken or malformed and for
    a password that breaks the rules.
    """
    role = roles()["administrator"]
    if not role.fits(area):
        lengths = ", ".join(map(str, role.lengths))
        raise BadCode("That is no area of an administrator.", fix=f"Give a division code of {lengths} digits.")
    user = User(username=User.normalize_username(username), must_change_password=one_time)
    _check(user, password)
    user.set_password(password)
    with transaction.atomic():
        user.save()
        Posting.objects.create(user=user, role=role.code, area=area, starts=timezone.localdate())
    return user


def _check(user: User, password: str) -> None:
    if User.objects.filter(username__iexact=user.username).exists():
        raise WanggeError("There is an account of that name.", fix="Choose another, or use `manage.py changepassword`.")
    try:
        user.clean_fields(exclude=["password"])
        validate_password(password, user)
    except ValidationError as error:
        raise WanggeError(" ".join(error.messages), fix="Choose another one.") from None


def one_time_password() -> str:
    """Twenty letters and digits that are not mistaken for one another, in groups of five: 98 bits."""
    signs = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(5)) for _ in range(4))
