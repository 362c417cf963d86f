"""A department's system into which people sign in with their account here."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from jwcrypto.jwk import JWK
from oauth2_provider.models import AbstractApplication

from gis.accounts.departments import Department
from gis.accounts.sign_on_keys import signing_key

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ClientSystem(AbstractApplication):
    """A relying party of OpenID Connect. The addresses it may be answered at are exact; its secret is stored hashed."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="client_systems", verbose_name=_("所属部门")
    )
    is_active = models.BooleanField(_("启用"), default=True)
    sign_out_address = models.URLField(_("退出通知网址"), max_length=500, blank=True, default="", db_default="")
    sign_out_failed_at = models.DateTimeField(_("退出通知最近未送达"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("部门系统")
        verbose_name_plural = _("部门系统")
        ordering = ["name"]

    def redirect_uri_allowed(self, uri: str) -> bool:
        return uri in self.redirect_uris.split()

    def post_logout_redirect_uri_allowed(self, uri: str) -> bool:
        return uri in self.post_logout_redirect_uris.split()

    def is_usable(self, request) -> bool:
        return self.is_active

    @property
    def jwk_key(self) -> JWK:
        """The key that signs; the package's own would be read once at the start and never change."""
        return signing_key()

    def clean(self) -> None:
        """Instead of the package's: every kind but the one we offer is fixed, so only the addresses can be wrong."""
        wrong = {
            field: _("“%(address)s”不行：须以 https:// 开头（本机可用 http），不含 #、* 和用户名。")
            % {"address": bad[0]}
            for field in ("redirect_uris", "post_logout_redirect_uris", "sign_out_address")
            if (bad := [one for one in getattr(self, field).split() if not is_safe(one)])
        }
        if wrong:
            raise ValidationError(wrong)


def is_safe(address: str) -> bool:
    """Whether an answer may be sent to an address: https, or this very machine."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    return bool(host) and secure and not set("#*@\\;,\"'") & set(address)
