"""Secrets and codes: made, shown as a picture, checked. The reckoning is pyotp's."""

import hmac
import re
import time
import unicodedata

import pyotp
import segno
from django.db import transaction
from django.utils import timezone

from gis.accounts.second_factor import use_recovery_code, use_step
from gis.models import RecoveryCode, SecondFactor, User
from gis.people.sealing import open_seal, seal
from gis.written import hashed

#: What the app shows above the code.
_ISSUER = "网格 Wangge"
_STEP = 30
#: Half minutes by which the phone's clock may be wrong, either way.
_AROUND = 1
_HOW_MANY = 10

new_secret = pyotp.random_base32


def picture_of(user: User, secret: str) -> str:
    """What an app scans, as the address of an SVG picture; dark on white in either scheme, or no app reads it."""
    told = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=_ISSUER)
    return segno.make(told, error="m").svg_data_uri(scale=5, border=4, light="#fff")


def plain(text: str) -> str:
    """A code as it is compared: without the gaps it is written in, full-width signs as an IME types them made plain."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text[:100]))


def is_of_app(code: str) -> bool:
    """Whether a plain code has the form of an app's; else it can only be one on paper."""
    return re.fullmatch(r"[0-9]{6}", code) is not None


def check(user: User, code: str, now: float | None = None) -> bool:
    """Whether a plain code is right, of the app or on paper; either counts once."""
    if not is_of_app(code):
        return use_recovery_code(user, _digest(user, code))
    factor = SecondFactor.objects.filter(user=user).first()
    step = factor and right_step(open_seal(factor.secret), code, now, factor.last_step)
    return bool(step) and use_step(factor, step)


def right_step(secret: str, code: str, now: float | None = None, after: int = 0) -> int | None:
    """The half minute since 1970 that a code is of, about now and later than `after`; None where there is none."""
    if not is_of_app(code):
        return None
    reckoned = pyotp.TOTP(secret)
    here = int((now or time.time()) // _STEP)
    # Every one is compared, so that the time it takes says nothing of which is right.
    steps = range(here - _AROUND, here + _AROUND + 1)
    right = [step for step in steps if hmac.compare_digest(reckoned.generate_otp(step), code)]
    return next((step for step in right if step > after), None)


def take(user: User, secret: str, step: int) -> list[str]:
    """Let a secret count from now on, instead of one before; returns new codes for paper, this once.

    `step`: of the code by which its owner has shown that the app has it.
    """
    told = {"secret": seal(secret), "last_step": step, "since": timezone.now()}
    with transaction.atomic():
        SecondFactor.objects.update_or_create(user=user, defaults=told)
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
