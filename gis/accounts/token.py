"""Tokens: with one, a program asks in the name of an account, and may do part of what that account may do now.

A token narrows: to one area, to some capabilities, to the cases of one department. It never widens, because what it
opens is worked out anew for every request from the account's own postings of that day. Only a digest is stored, and 256
random bits leave nothing to guess, so a copy of the database opens nothing.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.columns import CodeField

#: By which a token that lies in the wrong place is recognised, by people and by scanners of source code.
_MARK = "wg_"
#: Requests in a minute, where nothing else is said.
USUAL_PACE = 300
_MOST_PACE = 6000


class TokenQuerySet(models.QuerySet):
    def usable(self, now: datetime):
        return self.filter(revoked_at=None, expires_at__gt=now)


class Token(models.Model):
    """What a program shows to be let in. `area`, `capabilities` and `department` narrow what `user` may do.

    `minute` and `used` count the requests of the current minute since 1970.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=60, help_text=_("用它的系统或用途"))
    user = models.ForeignKey(User, models.PROTECT, related_name="tokens", verbose_name=_("以谁的名义"))
    area = CodeField(_("辖区代码"), max_length=15)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("只限部门"))
    capabilities = ArrayField(models.CharField(max_length=20), verbose_name=_("权限"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(_("末四位"), max_length=4, editable=False)
    per_minute = models.PositiveIntegerField(
        _("每分钟请求数"),
        default=USUAL_PACE,
        validators=[MinValueValidator(1), MaxValueValidator(_MOST_PACE)],
    )
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("签发人"))
    issued_at = models.DateTimeField(_("签发时间"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("失效时间"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True, editable=False)
    minute = models.BigIntegerField(default=0, editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")
        ordering = ["-issued_at"]
        constraints = [
            models.CheckConstraint(condition=Q(area__regex=r"^[0-9]{2,15}$"), name="token_area_is_digits"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="token_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.name

    def access(self) -> Access:
        """What may be done with it now."""
        held = self.user.access
        named = {name: held.which(name).within(self.area) for name in {"area.read", *self.capabilities}}
        opened = {name: scope for name, scope in named.items() if scope}
        return Access(opened, tuple(one for one in held.postings if self._meets(one[1])))

    def _meets(self, area: str) -> bool:
        return area.startswith(self.area) or self.area.startswith(area)


def new_text() -> str:
    """A token as it is handed over, once: 256 random bits."""
    return _MARK + secrets.token_urlsafe(32)


def digest_of(text: str) -> str:
    """What is stored of a token. A plain hash is enough: nobody guesses 256 bits."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class Spent:
    """A request that was counted: whose, how many the minute still holds, and seconds until the next one begins."""

    token: Token
    left: int
    seconds: int

    @property
    def is_too_many(self) -> bool:
        return self.left < 0


_SPEND = """
UPDATE grid_token SET minute = %(minute)s, used = CASE WHEN minute = %(minute)s THEN used + 1 ELSE 1 END,
  last_used_at = %(now)s
WHERE digest = %(digest)s AND revoked_at IS NULL AND expires_at > %(now)s RETURNING id, per_minute - used"""


def spend(text: str, now: datetime | None = None) -> Spent | None:
    """Count a request made with a token; None for one that is unknown, expired or revoked.

    One statement, so that requests at the same moment are all counted, in whichever process they arrive.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:
        minute = int(now.timestamp() // 60)
        cursor.execute(_SPEND, {"minute": minute, "now": now, "digest": digest_of(text)})
        row = cursor.fetchone()
    if row is None:
        return None
    token = Token.objects.select_related("user", "department").get(pk=row[0])
    return Spent(token, row[1], 60 - int(now.timestamp() % 60))
