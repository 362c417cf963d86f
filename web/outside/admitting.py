"""From what a provider has told of a person to an account: tied before, tied now by a rule, or opened by a rule."""

from datetime import date, timedelta

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Access
from gis.accounts.sign_in_rule import Decision, Grant, decide, read_claim
from gis.models import Department, OutsideIdentity, Posting, SignInRule, User
from web.administration.postings import exists
from web.outside.refusals import NotAdmitted, Unverified

#: Ways by which a provider has asked who it is (`amr`, RFC 8176): by what one knows, and by what one has or is.
_KNOWN, _HELD = {"pwd", "pin"}, {"otp", "hwk", "swk", "sc", "pop", "fpt", "face"}


def had_second_step(claims: dict) -> bool:
    """Whether the provider says that it has had two proofs. One of what one has is none beside itself."""
    ways = set(read_claim(claims, "amr"))
    return "mfa" in ways or bool(ways & _KNOWN and ways & _HELD)


def admit(issuer: str, claims: dict) -> OutsideIdentity:
    """The tie to the account that may enter, its postings brought up to date. `claims` have been checked.

    Raises NotAdmitted, and then nothing was changed but that an account tied before has lost what no rule gives now.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or read_claim(claims, "sub") != [subject]:
        raise Unverified("sub")
    decision = decide(SignInRule.objects.select_related("department"), claims)
    try:
        with transaction.atomic():
            identity, is_new = _admitted(issuer, subject, decision, claims)
            if is_new:
                _require_posting(identity.user)
    except IntegrityError:  # two first sign-ins at one moment, or the account is tied to somebody else there
        raise NotAdmitted("taken", _("这个账号已经关联了另一个人。")) from None
    _require_posting(identity.user)
    return identity


def _require_posting(user: User) -> None:
    if not Access.of_postings(user.postings.on(timezone.localdate())).which("area.read"):
        raise NotAdmitted("no_posting", _("您目前没有任职辖区。"))


def _admitted(issuer: str, subject: str, decision: Decision, claims: dict) -> tuple[OutsideIdentity, bool]:
    """The tie, and whether it is new."""
    tied = OutsideIdentity.objects.select_for_update(of=("self",)).select_related("user")
    identity = tied.filter(issuer=issuer, subject=subject).first()
    is_new = identity is None
    user = identity.user if identity else found(decision) or _opened(decision, claims)
    if not user.is_active:
        raise NotAdmitted("inactive", _("您在网格的账号已停用。"))
    if is_new:
        identity = OutsideIdentity.objects.create(user=user, issuer=issuer, subject=subject)
        _log(user, CHANGE, _("已关联统一认证账号"))
    identity.last_used_at = timezone.now()
    identity.save(update_fields=["last_used_at"])
    if not _administers_by_hand(user):
        give(identity, decision.grants)
    return identity, is_new


def found(decision: Decision) -> User | None:
    """The one account that a rule finds. Of two with the same e-mail address, neither; nor one by other letters.

    A database holds `ı` for an `I` where case does not count: an address of letters beyond ASCII would be another's.
    """
    for field, value in decision.accounts:
        if field == "email" and not value.isascii():
            continue
        match = {f"{field}__iexact" if field == "email" else field: value}
        matching = list(User.objects.filter(**match)[:2])
        if len(matching) == 1:
            return matching[0]
    return None


def _opened(decision: Decision, claims: dict) -> User:
    """A new account, without a password, for whom a rule gives a posting that there is ground for."""
    if not _standing(decision.grants):
        raise NotAdmitted("unknown", _("网格里没有与您对应的账号。"))
    user = User(username=User.normalize_username(decision.username), name=_name(claims))
    user.set_unusable_password()
    try:
        user.full_clean(exclude=["password"], validate_unique=False)
    except ValidationError:
        raise NotAdmitted("username", _("对方给出的用户名不能用作网格账号。")) from None
    if User.objects.filter(username__iexact=user.username).exists():
        raise NotAdmitted("username_taken", _("网格里已有同名账号，没有规则允许关联。"))
    user.save()
    _log(user, ADDITION, _("首次统一认证登录时开通"))
    return user


def _name(claims: dict) -> str:
    return next(iter(read_claim(claims, "name")), "")[: User._meta.get_field("name").max_length]


def _administers_by_hand(user: User) -> bool:
    """Whether somebody has made them an administrator: then no rule they might write gives them more."""
    by_hand = Access.of_postings(user.postings.on(timezone.localdate()).filter(given_to=None))
    return by_hand.may_anywhere("accounts.manage") or by_hand.may_anywhere("codes.manage")


def _standing(grants: tuple[Grant, ...]) -> list[Grant]:
    return [grant for grant in grants if exists(grant.area)]


def give(identity: OutsideIdentity, grants: tuple[Grant, ...]) -> None:
    """Make the postings that rules gave those they give now: begin, prolong, end today. Made by hand, they stay."""
    today = timezone.localdate()
    wanted = {(grant.role, grant.area): grant for grant in _standing(grants)}
    held = list(identity.user.postings.on(today))
    changed = False
    for posting in held:
        grant = wanted.pop((posting.role, posting.area), None)
        if posting.given_to_id == identity.pk:
            changed |= _prolong(posting, today, grant)
    for grant in wanted.values():
        _begin(identity, grant, today)
    _join(identity.user, grants)
    if changed or wanted:
        _log(identity.user, CHANGE, _("任职按统一认证规则更新"))


def _prolong(posting: Posting, today: date, grant: Grant | None) -> bool:
    """Let a posting go on as long as its rule says, or end it today; returns whether it was ended."""
    if grant is None:
        end_today(posting, today)
        return True
    Posting.objects.filter(pk=posting.pk).update(ends=today + timedelta(days=grant.days))
    return False


def end_today(posting: Posting, today: date) -> None:
    """End a posting with yesterday; one that began today has never been."""
    if posting.starts >= today:
        posting.delete()
    else:
        Posting.objects.filter(pk=posting.pk).update(ends=today)


def _begin(identity: OutsideIdentity, grant: Grant, today: date) -> None:
    ends = today + timedelta(days=grant.days)
    identity.user.postings.create(role=grant.role, area=grant.area, starts=today, ends=ends, given_to=identity)


def _join(user: User, grants: tuple[Grant, ...]) -> None:
    named = next((grant.department for grant in grants if grant.department), "")
    department = Department.objects.filter(code=named).first() if named else None
    if department and user.department_id != department.pk:
        User.objects.filter(pk=user.pk).update(department=department)


def _log(user: User, flag: int, said: str) -> None:
    """In the record of administrators' changes; the actor is the person who has signed in."""
    LogEntry.objects.log_actions(user.pk, [user], flag, said)
