"""Whose rules a reader may see and change: the desks of their ground, and those above that have a say in it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from gis.errors import NotAllowed, OutOfScope
from gis.incidents.routing.asking import DESKS
from gis.models import Area
from web.pages.choices import names_of


@dataclass(frozen=True)
class Desk:
    code: str
    name: str
    may_change: bool


def desk_of(request: HttpRequest, code: str) -> Desk:
    """A desk the reader may see the rules of. Raises NotAllowed, or OutOfScope for ground that is not theirs."""
    scope = request.access.which("case.dispatch")
    if not scope:
        raise NotAllowed(_("您的角色看不到派遣规则。"), fix=_("需要时请联系管理员调整任职。"))
    if len(code) not in DESKS or not (code.isascii() and code.isdecimal()) or not scope.touches(code):
        raise OutOfScope(_("没有找到，或不在您的辖区内。"))
    return _desk(request, code, names_of({code}))


def desks_of(request: HttpRequest) -> list[Desk]:
    """Every desk the reader may see the rules of: their own first, then those below it, then those above."""
    scope = request.access.which("case.dispatch")
    own = [code[: max(DESKS)] for code in scope.areas]
    below = Area.objects.inside(scope).filter(level__in=("city", "district", "street")).values_list("code", flat=True)
    above = [code[:digits] for code in own for digits in DESKS if 4 < digits < len(code)]
    codes = list(dict.fromkeys([*own, *sorted(below), *above]))
    names = names_of(set(codes))
    return [_desk(request, code, names) for code in codes]


def _desk(request: HttpRequest, code: str, names: dict[str, str]) -> Desk:
    return Desk(code, names.get(code, code), request.access.may("case.rules", code))
