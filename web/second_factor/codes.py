"""Secrets and codes: made, shown as a picture, checked. The reckoning is pyotp's."""

import hmac
import re
import time
from datetime import timedelta

import pyotp
import segno
from django.db import transaction
from django.utils import timezone

from gis.accounts.second_factor import RecoveryCode, SecondFactor, use_recovery_code
from gis.incidents.residents.allowance import spend
from gis.models import User
from gis.people.sealing import open_seal, seal
from gis.written import hashed

#: What the app shows above the code.
_ISSUER = "网格 Wangge"
_STEP = 30
#: Half minutes by which the phone's clock may be wrong, either way.
_AROUND = 1
_HOW_MANY = 10
#: Codes that may be tried for one account in such a time: of a million, three are right at any moment.
_TRIES, _WHILE = 5, timedelta(minutes=15)


def begin(user: User) -> SecondFactor:
    """The factor that is being set up: the same until a code of it has been shown, so that a reload changes nothing."""
    factor, _new = SecondFactor.objects.get_or_create(user=user, defaults={"secret": seal(pyotp.random_base32())})
    return factor


def secret_of(factor: SecondFactor) -> str:
    """The shared secret, in base 32 as apps take it."""
    return open_seal(factor.secret)


def picture_of(factor: SecondFactor) -> str:
    """What an app scans, as the address of an SVG picture; dark on white in either scheme, or no app reads it."""
    told = pyotp.TOTP(secret_of(factor)).provisioning_uri(name=factor.user.username, issuer_name=_ISSUER)
    return segno.make(told, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def check(user: User, text: str, now: float | None = None) -> bool:
    """Whether a code is right, of the app or on paper; either counts once. Raises TooMany for who tries and tries."""
    spend("second", hashed(f"second factor {user.pk}").encode(), _TRIES, _WHILE)
    digits = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"[0-9]{6}", digits):
        factor = SecondFactor.objects.filter(user=user).first()
        return factor is not None and _take(factor, digits, now or time.time())
    return use_recovery_code(user, _digest(user, digits))


def _take(factor: SecondFactor, digits: str, now: float) -> bool:
    """Whether it is the code of about now; then none of that half minute or before is taken any more."""
    reckoned = pyotp.TOTP(secret_of(factor))
    here = int(now // _STEP)
    steps = [step for step in range(here - _AROUND, here + _AROUND + 1) if step > factor.last_step]
    # Every one is compared, so that the time it takes says nothing of which is right.
    right = [step for step in steps if hmac.compare_digest(reckoned.generate_otp(step), digits)]
    if not right:
        return False
    unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=right[0])
    return unused.update(last_step=right[0]) == 1


def confirm(user: User) -> list[str]:
    """Let the factor count from now on; returns new codes for paper, this once."""
    with transaction.atomic():
        SecondFactor.objects.filter(user=user, since=None).update(since=timezone.now())
        return new_recovery_codes(user)


def new_recovery_codes(user: User) -> list[str]:
    """Ten codes instead of those there were; returns them, this once."""
    codes = [pyotp.random_base32(32)[:16] for _ in range(_HOW_MANY)]
    with transaction.atomic():
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def _digest(user: User, code: str) -> str:
    return hashed(f"recovery {user.pk} {code.upper()}")
