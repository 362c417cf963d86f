"""The systems one has signed in to, and ending it for one of them."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from oauth2_provider.models import AccessToken, Grant, IDToken, RefreshToken

from gis.models import ClientSystem, User
from web.pages.paging import read_number
from web.single_sign_on.telling import note_sign_out, to_be_told


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """GET: one's own; POST `system`: end what it holds of mine."""
    if request.method == "POST":
        system = get_object_or_404(systems_of(request.user), pk=read_number(request.POST.get("system")))
        end(request.user, system)
        messages.success(request, _("%(name)s 不能再读取您的信息。") % {"name": system.name})
        return redirect("sign-on-mine")
    return render(request, "web/single_sign_on/granted.html", {"systems": systems_of(request.user)})


def systems_of(user: User):
    """Systems that hold something of a person that still works."""
    live = RefreshToken.objects.filter(user=user, revoked=None).values("application")
    short = AccessToken.objects.filter(user=user, expires__gt=timezone.now()).values("application")
    return ClientSystem.objects.filter(Q(pk__in=live) | Q(pk__in=short)).select_related("department")


def end(user: User, system: ClientSystem) -> None:
    """Nothing that a system holds of a person works from now on."""
    with transaction.atomic():
        told = to_be_told(user, system)
        _end({"user": user, "application": system})
        note_sign_out(user, told)


def end_all(user: User) -> None:
    """Nothing that any system holds of a person works from now on."""
    with transaction.atomic():
        told = to_be_told(user)
        _end({"user": user})
        note_sign_out(user, told)


def _end(mine: dict) -> None:
    RefreshToken.objects.filter(**mine, revoked=None).update(revoked=timezone.now(), access_token=None)
    for model in (AccessToken, IDToken, Grant):
        model.objects.filter(**mine).delete()
