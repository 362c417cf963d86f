"""Rules that an administrator keeps: whom the provider outside may bring in, as which account, with which postings.

A provider tells claims of a person (`{"preferred_username": "li", "groups": ["grid"], "area": "110113001"}`). Each rule
has a condition on one claim and an effect. Without rules nobody comes in: the provider alone opens nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gis.accounts.departments import Department
from gis.accounts.roles import role_choices, roles
from gis.columns import CodeField

#: A claim with more values than this, or longer ones, is no claim of a posting.
_MOST_VALUES, _LONGEST = 200, 255


class Effect(models.TextChoices):
    BY_USERNAME = "by_username", _("首次登录：连到用户名相同的账号")
    BY_EMAIL = "by_email", _("首次登录：连到邮箱相同的账号（对方须已验证邮箱）")
    POST = "post", _("给予任职；没有账号时开通")


class SignInRule(models.Model):
    """One rule. `claim` and `value`: its condition, both empty for everybody; `claim` may lead inwards by dots."""

    order = models.PositiveSmallIntegerField(_("顺序"), default=100, help_text=_("小的先用"))
    effect = models.CharField(_("作用"), max_length=20, choices=Effect.choices)
    claim = models.CharField(
        _("条件：声明"), max_length=100, blank=True, help_text=_("例如 groups，或 realm_access.roles；空着对所有人有效")
    )
    value = models.CharField(_("条件：值"), max_length=200, blank=True, help_text=_("等于它，或其中一项等于它"))
    account_claim = models.CharField(
        _("用户名取自声明"), max_length=100, default="preferred_username", help_text=_("连账号和开账号都用它")
    )
    role = models.CharField(_("角色"), max_length=30, choices=role_choices, blank=True)
    area = CodeField(_("辖区代码"), max_length=15, blank=True)
    area_claim = models.CharField(_("或：辖区取自声明"), max_length=100, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    department_claim = models.CharField(_("或：部门代码取自声明"), max_length=100, blank=True)
    days = models.PositiveSmallIntegerField(
        _("任职天数"), default=30, validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text=_("自最近一次登录算起；不再登录，任职到期自动结束"),
    )  # fmt: skip
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("统一认证规则")
        verbose_name_plural = _("统一认证规则")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(effect=Effect.POST) | (~Q(role="") & (Q(area="") ^ Q(area_claim=""))),
                name="sign_in_rule_says_which_posting",
            ),
            models.CheckConstraint(condition=Q(claim="", value="") | ~Q(claim=""), name="sign_in_rule_value_of_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_effect_display()}"

    def clean(self) -> None:
        if self.value and not self.claim:
            raise ValidationError({"claim": _("有值就要写明是哪个声明。")})
        if self.effect != Effect.POST:
            return
        if self.role not in roles():
            raise ValidationError({"role": _("请选择角色。")})
        if bool(self.area) == bool(self.area_claim):
            raise ValidationError({"area": _("辖区代码与“辖区取自声明”请只填一个。")})
        if self.area and not roles()[self.role].fits(self.area):
            wanted = "、".join(map(str, roles()[self.role].lengths))
            raise ValidationError({"area": _("该角色的辖区代码须为 %(lengths)s 位数字。") % {"lengths": wanted}})

    def holds_for(self, claims: dict) -> bool:
        """Whether the condition is met. A claim without a value asks only that there is one."""
        if not self.claim:
            return True
        told = read_claim(claims, self.claim)
        return self.value in told if self.value else bool(told)


@dataclass(frozen=True)
class Grant:
    """A posting that a rule gives. `department` is a code, "" for none said."""

    role: str
    area: str
    department: str
    days: int


@dataclass(frozen=True)
class Decision:
    """What rules make of claims. `accounts`: (field of an account, its value) to look for at a first sign-in, in order;
    `username`: how an account that is opened is called; `grants`: one for each role and area."""

    accounts: tuple[tuple[str, str], ...]
    username: str
    grants: tuple[Grant, ...]


def decide(rules: Iterable[SignInRule], claims: dict) -> Decision:
    """Apply rules, in their order, to what a provider tells of a person. Looks nothing up."""
    met = [rule for rule in rules if rule.is_active and rule.holds_for(claims)]
    posting = [rule for rule in met if rule.effect == Effect.POST]
    grants = {(grant.role, grant.area): grant for rule in reversed(posting) for grant in _grants(rule, claims)}
    named = (_first(claims, rule.account_claim) for rule in posting)
    found = (_account(rule, claims) for rule in met if rule.effect != Effect.POST)
    return Decision(tuple(one for one in found if one[1]), next(filter(None, named), ""), tuple(grants.values()))


def _account(rule: SignInRule, claims: dict) -> tuple[str, str]:
    if rule.effect == Effect.BY_USERNAME:
        return "username", _first(claims, rule.account_claim)
    # As a boolean only: a provider that says "true" in words lets people write it themselves.
    return "email", _first(claims, "email") if claims.get("email_verified") is True else ""


def _grants(rule: SignInRule, claims: dict) -> list[Grant]:
    areas = [rule.area] if rule.area else read_claim(claims, rule.area_claim)
    department = rule.department.code if rule.department else _first(claims, rule.department_claim)
    role = roles().get(rule.role)
    return [Grant(rule.role, area, department, rule.days) for area in areas if role and role.fits(area)]


def _first(claims: dict, path: str) -> str:
    return next(iter(read_claim(claims, path)), "") if path else ""


def read_claim(claims: dict, path: str) -> list[str]:
    """The values of a claim as texts: of a list each, of a truth `true` or `false`; none of what is neither.

    `path`: the claim's name; where there is none of that name, names by dots, each inside the one before.
    """
    told: object = claims
    for name in [path] if path in claims else path.split("."):
        told = told.get(name) if isinstance(told, dict) else None
    values = told if isinstance(told, list) else [told]
    return [text for one in values[:_MOST_VALUES] if (text := _as_text(one))]


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, str | int) and not _is_huge(value) else ""
    return text if len(text) <= _LONGEST and text.isprintable() else ""


def _is_huge(value: object) -> bool:
    """Whether a number has more digits than Python writes out."""
    return isinstance(value, int) and value.bit_length() > 1000
