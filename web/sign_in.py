"""Signing in: a name and a password, five wrong guesses and a pause."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


class PostingsBackend(BaseBackend):
    """Checks the password; what the person may do is in their postings, not here."""

    def authenticate(self, request, username=None, password=None, **credentials):
        model = get_user_model()
        if username is None or password is None:
            return None
        user = model.objects.filter(username=username).first()
        if user is None:
            model().set_password(password)  # the same work as for a real name, so timing tells no names
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return get_user_model().objects.filter(pk=user_id, is_active=True).first()


def locked_out(request: HttpRequest, credentials: dict, *args) -> HttpResponse:
    from django.conf import settings

    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    context = {
        "message": _("密码错误次数过多，已暂停登录。"),
        "fix": _("请 %d 分钟后再试，或请管理员重设密码。") % minutes,
    }
    return render(request, "web/refusal.html", context, status=429)
