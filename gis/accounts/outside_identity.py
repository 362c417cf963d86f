"""Who somebody is at the provider of sign-ins outside: the pair of issuer and subject, which never changes."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis.accounts.users import User


class OutsideIdentity(models.Model):
    """A person as an OpenID provider knows them, tied to one account here. Names and addresses may change hands there;
    issuer and subject may not (OpenID Connect Core, 5.7), so nothing else is looked up once the tie stands."""

    user = models.ForeignKey(User, models.CASCADE, related_name="outside_identities", verbose_name=_("用户"))
    issuer = models.CharField(_("签发方"), max_length=300)
    subject = models.CharField(_("在签发方的编号"), max_length=255)
    linked_at = models.DateTimeField(_("关联时间"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("最近登录"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("统一认证关联")
        verbose_name_plural = _("统一认证关联")
        ordering = ["user", "issuer"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="outside_identity_once"),
            # A second person there who comes to bear the name of the first does not get their account.
            models.UniqueConstraint(fields=["issuer", "user"], name="outside_identity_one_per_account"),
        ]

    def __str__(self) -> str:
        return f"outside identity {self.pk}"
