"""Signing in: a name and a password, five wrong guesses and a pause; and changing the password."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.errors import TooMany
from gis.incidents.residents.allowance import spend
from gis.written import hashed
from web.entering import enter_by_steps
from web.errors import say
from web.outside.leaving import leave
from web.sessions import keep_only
from web.whence import address_of

#: Names one address may fail at within a pause's length before nobody signs in from there: a list is being tried.
MOST_NAMES = 40


def _tries_a_list(request: HttpRequest | None) -> bool:
    """Whether wrong guesses at many names come from one address: the pause for a name would never notice."""
    if request is None:
        return False
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    recent = AccessAttempt.objects.filter(ip_address=address_of(request) or None, attempt_time__gt=since)
    return recent.values("username").distinct().count() >= MOST_NAMES


class PostingsBackend(BaseBackend):
    """Checks the password; what the person may do is in their postings, not here."""

    def authenticate(self, request, username=None, password=None, **credentials):
        model = get_user_model()
        if username is None or password is None or _tries_a_list(request):
            return None
        user = model.objects.filter(username=username).first()
        if user is None:
            model().set_password(password)  # the same work as for a real name, so timing tells no names
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return get_user_model().objects.filter(pk=user_id, is_active=True).first()


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict) -> HttpResponse:
    """Said to whoever guessed too often, the same for names that exist and names that do not."""
    minutes = round(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    fix = _("请 %d 分钟后再试，或请管理员重设密码。") % minutes
    return say(request, _("密码错误次数过多，已暂停登录。"), fix, 429)


#: Tries to change one password within such a time: whoever finds a desk unattended is not to guess it there.
_CHANGES, _CHANGES_WHILE = 10, timedelta(minutes=15)


def count_password(user) -> None:
    """Count a try at the password of who has signed in. Raises TooMany.

    By the password too: one that an administrator sets ends the pause.
    """
    spend("password", hashed(f"{user.pk} {user.password}").encode(), _CHANGES, _CHANGES_WHILE)


class SignInForm(AuthenticationForm):
    """Django's only hints at the longest name; a longer one must not reach the record of wrong guesses."""

    username = UsernameField(max_length=60)


class SignIn(LoginView):
    form_class = SignInForm
    template_name = "web/sign_in.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs) | {"outside": settings.OUTSIDE_PROVIDER}

    def get_default_redirect_url(self) -> str:
        """The map; on a phone the field page for those who work in a cell. An address asked for goes before."""
        roles = {role for role, _area in self.request.user.access.postings}
        on_phone = "Mobi" in self.request.headers.get("User-Agent", "")
        return reverse("field") if on_phone and roles == {"grid_worker"} else super().get_default_redirect_url()

    def form_valid(self, form) -> HttpResponse:
        user = form.get_user()
        self.request.user = user  # by whom the page after is chosen
        return HttpResponseRedirect(enter_by_steps(self.request, user, self.get_success_url()))


class SignOut(LogoutView):
    """Out of Wangge, out of the departments' systems it vouched to, and out of the provider one came from."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        onward = leave(request)
        answer = super().post(request, *args, **kwargs)
        return onward or answer


class NewPasswordForm(PasswordChangeForm):
    """The old password, and a new one that is really new: a forced change would otherwise change nothing."""

    def clean(self) -> dict:
        cleaned = super().clean()
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", ValidationError(_("新密码须与旧密码不同。"), code="same_password"))
        return cleaned


class PasswordChange(PasswordChangeView):
    """Change one's own password; whoever was told to has done so."""

    form_class = NewPasswordForm
    template_name = "web/password_change.html"
    success_url = reverse_lazy("map")

    def dispatch(self, request, *args, **kwargs) -> HttpResponse:
        if not request.user.has_usable_password():
            return say(request, _("您的账号没有网格密码。"), _("请在您登录所用的统一身份认证里修改密码。"), 403)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs) -> HttpResponse:
        try:
            count_password(request.user)
        except TooMany as error:
            fix = _("请过一会儿再试，或请管理员重设密码。")
            return say(request, error.message, fix, 429)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form) -> HttpResponse:
        form.user.must_change_password = False
        before = self.request.session.session_key
        answer = super().form_valid(form)
        keep_only(self.request, before)
        return answer
