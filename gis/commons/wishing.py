"""What residents do with small wishes: post one, offer to fulfil another's, thank, take back.

Whoever posts has no account; the secret link they are given is all that makes the wish theirs. What becomes of it is
decided by staff (`wish_tending.py`), and only they see who left a name or a phone.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.scope import Scope, applied
from gis.commons.community_wish import LONGEST, CommunityWish, WishState
from gis.commons.neighbour import Neighbour
from gis.errors import Conflict, OutOfScope
from gis.people.sealing import seal
from gis.written import hashed, read_line, read_phone, read_words, refuse

#: Days after a wish has ended, at which the names and phones left with it are forgotten.
KEPT_DAYS = 90
#: Wishes of one community that may wait to be looked at; more would be a flood nobody reads.
MOST_WAITING = 200


def post_wish(area: str, told: str, *, name: str = "", phone: str = "", uuid: UUID) -> str:
    """Store a wish of a community for staff to look at; the token of its secret link, "" where it is there already."""
    told = read_words(told, "told", LONGEST, needed=True)
    name, phone = read_line(name, "name", 30), read_phone(phone)
    if CommunityWish.objects.filter(area=area, state=WishState.WAITING).count() >= MOST_WAITING:
        raise refuse("told", _("待审核的心愿太多了。"), _("请过几天再来，或直接找社区工作人员。"))
    token = secrets.token_urlsafe(24)
    try:
        with applied(Scope.of([area])):
            wish = CommunityWish.objects.create(uuid=uuid, area=area, told=told, token_digest=hashed(token))
            if name or phone:
                _leave(wish, Neighbour.Part.WISHER, name, phone)
    except IntegrityError:
        return ""
    return token


def offer_help(wish: CommunityWish, *, name: str, phone: str, words: str = "", uuid: UUID) -> bool:
    """Leave an offer to fulfil an open wish; False where the same one is there already."""
    name, phone = read_line(name, "name", 30, needed=True), read_phone(phone, needed=True)
    words = read_words(words, "words", LONGEST)
    if wish.state != WishState.OPEN:
        raise Conflict(_("这个心愿已经有人认领了。"), fix=_("谢谢您。请看看别的心愿。"))
    try:
        with applied(Scope.of([wish.area])):
            if wish.neighbours.filter(part=Neighbour.Part.HELPER, state=Neighbour.State.WAITING).count() >= 20:
                raise refuse("words", _("已有很多人想认领这个心愿。"), _("请看看别的心愿。"))
            _leave(wish, Neighbour.Part.HELPER, name, phone, words, uuid)
    except IntegrityError:
        return False
    return True


def _leave(wish: CommunityWish, part: str, name: str, phone: str, words: str = "", uuid: UUID | None = None) -> None:
    known = {"uuid": uuid} if uuid else {}
    Neighbour.objects.create(
        wish=wish, area=wish.area, part=part, name=name, words=words, phone_last4=phone[-4:],
        phone_sealed=seal(phone) if phone else None, **known,
    )  # fmt: skip


def wish_of(token: str) -> CommunityWish:
    """The wish a secret link opens. Raises OutOfScope, whatever is wrong with the link."""
    wish = CommunityWish.objects.select_related("department").filter(token_digest=hashed(token)).first()
    if wish is None:
        raise OutOfScope(_("这个链接打不开任何心愿。"), fix=_("请核对链接。"))
    return wish


@transaction.atomic
def thank(token: str, words: str) -> CommunityWish:
    """A word of thanks for a fulfilled wish, which staff look at before anybody sees it."""
    words, wish = read_words(words, "words", LONGEST, needed=True), _locked(pk=wish_of(token).pk)
    if wish.state != WishState.DONE:
        raise Conflict(_("心愿还没有实现。"), fix=_("实现以后再来道谢。"))
    wish.thanks_told, wish.thanks = words, ""
    wish.save(update_fields=["thanks_told", "thanks"])
    return wish


@transaction.atomic
def take_back(token: str) -> CommunityWish:
    """The wisher changes their mind: nobody sees the wish any more."""
    wish = _locked(pk=wish_of(token).pk)
    if wish.state in (WishState.DONE, WishState.REFUSED):
        raise Conflict(_("这个心愿已经结束了。"), fix=_("需要帮助请联系社区。"))
    wish.state = WishState.WITHDRAWN
    wish.save(update_fields=["state"])
    return wish


def _locked(**named) -> CommunityWish:
    return CommunityWish.objects.select_for_update(of=("self",)).get(**named)


def forget_neighbours() -> int:
    """Delete the names and phones left with wishes that ended long ago; how many went."""
    ended = CommunityWish.objects.filter(state__in=[WishState.DONE, WishState.REFUSED, WishState.WITHDRAWN])
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = ended.filter(posted_at__lt=before).exclude(done_at__gte=before)
    areas = set(old.values_list("area", flat=True))
    if not areas:
        return 0
    with applied(Scope.of(areas)):
        gone, _models = Neighbour.objects.filter(wish__in=old).delete()
    return gone
