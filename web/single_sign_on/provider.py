"""The addresses of the provider: what a department's system reads, the consent page, tokens, signing out of both."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider import views
from oauth2_provider.exceptions import InvalidOIDCClientError

from gis.accounts.sign_on_keys import sign_on_keys
from gis.errors import TooMany
from gis.incidents.residents.allowance import spend
from web.single_sign_on.granted import end_all
from web.single_sign_on.telling import issuer
from web.whence import who

#: What may be asked for, in the words of the consent page.
ASKED = {
    "openid": _("知道是您本人（账号编号）"),
    "profile": _("您的姓名和用户名"),
    "posting": _("您的角色、辖区代码和部门"),
}
#: Requests for tokens from one address in such a time: a secret is checked slowly, so that guessing it is.
_MOST, _WHILE = 600, timedelta(minutes=5)


class Discovery(views.ConnectDiscoveryInfoView):
    """Where everything is; without what the package would do and we do not."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        answer = super().get(request, *args, **kwargs)
        told = json.loads(answer.content) | {
            "id_token_signing_alg_values_supported": ["RS256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "prompt_values_supported": ["login"],
        }
        if issuer():
            told |= {"backchannel_logout_supported": True, "backchannel_logout_session_supported": False}
        return JsonResponse(told, headers={"Access-Control-Allow-Origin": "*"})


def keys(request: HttpRequest) -> HttpResponse:
    """The public half of every key that a token still in force may be signed by."""
    told = [json.loads(key.export_public()) | _NAMED | {"kid": key.thumbprint()} for key in sign_on_keys()]
    return JsonResponse({"keys": told}, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=300"})


_NAMED = {"alg": "RS256", "use": "sig"}


@method_decorator(never_cache, name="dispatch")
class Consent(views.AuthorizationView):
    """Says which department's system asks for what. Asked each time: nobody is passed on without noticing."""

    template_name = "web/single_sign_on/consent.html"

    def get_context_data(self, **kwargs) -> dict:
        told = super().get_context_data(**kwargs)
        return told | {"asked": [ASKED[scope] for scope in kwargs.get("scopes", ()) if scope in ASKED]}

    def render_to_response(self, context: dict, **kwargs) -> HttpResponse:
        if "error" in context:
            self.template_name = "web/single_sign_on/refused.html"
        answer = super().render_to_response(context, **kwargs)
        return leading_to(answer, context.get("redirect_uri"))


class _InWords:
    """A NUL in what a system sends fits no column: the package asks the database all the same."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().dispatch(request, *args, **kwargs)
        except DataError:
            return JsonResponse({"error": "invalid_request"}, status=400)


@method_decorator(csrf_exempt, name="dispatch")  # a system asks, not a browser; its own `dispatch` forgets it
class Tokens(_InWords, views.TokenView):
    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            spend("sign-on", who(request), _MOST, _WHILE)
        except TooMany as error:
            return JsonResponse({"error": "slow_down", "error_description": error.message}, status=429)
        return super().dispatch(request, *args, **kwargs)


@method_decorator(csrf_exempt, name="dispatch")
class Revocation(_InWords, views.RevokeTokenView):
    """A system gives a token back."""


@method_decorator(never_cache, name="dispatch")
class UserInfo(views.UserInfoView):
    """Asked with the token in the header only: an address is kept in logs and histories."""

    def _create_userinfo_response(self, request: HttpRequest) -> HttpResponse:
        if "access_token" in request.GET:
            return JsonResponse({"error": "invalid_request"}, status=400)
        return super()._create_userinfo_response(request)


@method_decorator(never_cache, name="dispatch")
class SignOutOfBoth(views.RPInitiatedLogoutView):
    """A department's system asks to end the session here too; the person is asked first."""

    template_name = "web/single_sign_on/sign_out.html"

    def validate_logout_request(self, id_token_hint, client_id, post_logout_redirect_uri):
        """As the package's, where an unknown system is refused rather than an error of ours."""
        try:
            return super().validate_logout_request(id_token_hint, client_id, post_logout_redirect_uri)
        except views.oidc.Application.DoesNotExist:
            raise InvalidOIDCClientError() from None

    def do_logout(self, application=None, post_logout_redirect_uri=None, state=None, token_user=None):
        """As the package's; before, every system is told that has an address for it."""
        user = token_user or self.request.user
        if user.is_authenticated:
            end_all(user)
        return super().do_logout(application, post_logout_redirect_uri, state, token_user)

    def render_to_response(self, context: dict, **kwargs) -> HttpResponse:
        if "error" in context:
            self.template_name = "web/single_sign_on/refused.html"
        return leading_to(super().render_to_response(context, **kwargs), self.oidc_data.get("post_logout_redirect_uri"))


def leading_to(answer: HttpResponse, address: str | None) -> HttpResponse:
    """A page whose form may end at another origin: browsers hold a redirect after a form against `form-action`."""
    parts = urlsplit(address or "")
    if parts.scheme and parts.netloc:
        answer.form_action = f"{parts.scheme}://{parts.netloc}"
    return answer
