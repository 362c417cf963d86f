"""The administrator's site: Django's, entered through our own sign-in, for those who hold an administering role."""

from collections.abc import Callable
from functools import update_wrapper

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class AdministrationSite(AdminSite):
    """A site of its own, so that only what is named here has a page: no group, no permission, no attempt log of axes,
    and no table of residents."""

    site_header = _("网格 · 管理")
    site_title = _("网格管理")
    index_title = _("管理")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def admin_view(self, view: Callable, cacheable: bool = False) -> Callable:
        """As Django's, but for who is no administrator there is nothing here, not even a form to sign in again."""
        inner = super().admin_view(view, cacheable)

        def entered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(entered, inner)

    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        # The gate has asked for a sign-in already: who arrives here is signed in and no administrator.
        raise Http404

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("map")

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("password-change")


site = AdministrationSite(name="admin")
