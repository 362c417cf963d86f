"""A second proof of who signs in: codes of an app on a phone (TOTP, RFC 6238), and ten spare ones on paper."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User
from gis.columns import SealedField


class SecondFactor(models.Model):
    """The secret that an account's app and we share, sealed. The row is made by a first right code, never before.

    `last_step`: of which half minute since 1970 the last code was; none of it or before is taken again.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = SealedField()
    since = models.DateTimeField(_("启用时间"), default=timezone.now)
    last_step = models.BigIntegerField()

    def __str__(self) -> str:
        return f"second factor {self.pk}"


class RecoveryCode(models.Model):
    """One of the codes on paper: 80 random bits, of which a digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code {self.pk}"


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


def needs_second_factor(user: User) -> bool:
    """Whether one of the roles held today asks for it (setting SECOND_FACTOR_ROLES)."""
    return any(role in settings.SECOND_FACTOR_ROLES for role, _area in user.access.postings)


def remove_second_factor(users: Iterable[User]) -> None:
    """Take it away with its codes: whoever needs one makes a new one at the next sign-in."""
    chosen = [user.pk for user in users]
    with transaction.atomic():
        RecoveryCode.objects.filter(user__in=chosen).delete()
        SecondFactor.objects.filter(user__in=chosen).delete()


def use_step(factor: SecondFactor, step: int) -> bool:
    """Spend the code of a half minute; False where that or a later one was spent before, by whomever."""
    return SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step) == 1


def use_recovery_code(user: User, digest: str) -> bool:
    """Spend one; False where it is none, or was spent before."""
    unused = RecoveryCode.objects.filter(user=user, digest=digest, used_at=None)
    return unused.update(used_at=timezone.now()) == 1


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()
