"""Codes that departments' systems have changed for tokens: one seen twice has been stolen, or what came from it has."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.utils import timezone
from oauth2_provider.models import get_refresh_token_model

from gis.accounts.client_system import ClientSystem
from gis.written import hashed

#: A code holds a minute; whoever has found one tries it soon.
_KEPT = timedelta(days=1)


class SpentCode(models.Model):
    """A code as a digest, and the family of tokens that came from it and from their renewals."""

    digest = models.CharField(max_length=64)
    system = models.ForeignKey(ClientSystem, models.CASCADE, related_name="+")
    family = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="code_spent_once")]

    def __str__(self) -> str:
        return f"spent code {self.pk}"


def note_spent(code: str, system: ClientSystem, family: UUID) -> None:
    """Remember what a code was changed for."""
    SpentCode.objects.create(digest=hashed(code), system=system, family=family)


def end_of_spent(code: str, system: ClientSystem) -> bool:
    """End the tokens of a code that this system has changed before; False where it has not (RFC 6749 § 4.1.2)."""
    spent = SpentCode.objects.filter(digest=hashed(code), system=system).first()
    if spent is None:
        return False
    get_refresh_token_model().revoke_family(spent.family)
    return True


def forget_spent(now: datetime | None = None) -> None:
    """Delete codes that nobody tries any more."""
    SpentCode.objects.filter(at__lt=(now or timezone.now()) - _KEPT).delete()
