"""What staff do with small wishes: look at them, find somebody who takes one up, say what became of it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis.accounts.departments import Department
from gis.accounts.scope import Access
from gis.accounts.users import User
from gis.commons.community_wish import LONGEST, CommunityWish, WishState
from gis.commons.neighbour import Neighbour
from gis.errors import Conflict, NotAllowed, OutOfScope
from gis.written import read_words, refuse


def _in_hand(pk: int, access: Access) -> CommunityWish:
    """A wish that somebody may decide on, locked. Raises OutOfScope."""
    wish = CommunityWish.objects.inside(access.which("commons.write")).select_for_update().filter(pk=pk).first()
    if wish is None:
        raise OutOfScope("There is no such wish in scope.")
    return wish


@transaction.atomic
def show_wish(pk: int, text: str, *, user: User, access: Access) -> CommunityWish:
    """Let anybody see a wish in these words; again in other words later."""
    wish, text = _in_hand(pk, access), read_words(text, "text", LONGEST, needed=True)
    if wish.state in (WishState.WITHDRAWN, WishState.DONE):
        raise Conflict(_("这个心愿已经结束了。"), fix=_("请刷新页面。"))
    if wish.state in (WishState.WAITING, WishState.REFUSED):
        wish.state, wish.shown_at = WishState.OPEN, timezone.now()
    wish.text, wish.by = text, user
    wish.save()
    return wish


@transaction.atomic
def refuse_wish(pk: int, answer: str, *, user: User, access: Access) -> CommunityWish:
    """Show a wish to nobody, and say to the wisher why."""
    wish = _in_hand(pk, access)
    answer = read_words(answer, "answer", LONGEST, needed=True)
    if wish.state in (WishState.WITHDRAWN, WishState.DONE):
        raise Conflict(_("这个心愿已经结束了。"), fix=_("请刷新页面。"))
    wish.state, wish.answer, wish.by = WishState.REFUSED, answer, user
    wish.save()
    return wish


@transaction.atomic
def give_wish(pk: int, *, department: int | None, helper: int | None, user: User, access: Access) -> CommunityWish:
    """Let a department or one of the neighbours who offered take up an open wish."""
    wish = _in_hand(pk, access)
    if wish.state != WishState.OPEN:
        raise Conflict(_("这个心愿不在等待认领。"), fix=_("请刷新页面。"))
    offers = wish.neighbours.filter(part=Neighbour.Part.HELPER)
    if helper is not None:
        if not offers.filter(pk=helper).update(state=Neighbour.State.ACCEPTED):
            raise refuse("helper", _("没有这位认领人。"), _("请重新选择。"))
    else:
        wish.department = Department.objects.filter(pk=department).first()
        if wish.department is None:
            raise refuse("department", _("还没有选择由谁认领。"), _("请选择部门，或一位邻居。"))
    offers.filter(state=Neighbour.State.WAITING).update(state=Neighbour.State.DECLINED)
    wish.state, wish.by = WishState.TAKEN, user
    wish.save()
    return wish


@transaction.atomic
def take_wish(pk: int, *, user: User, access: Access) -> CommunityWish:
    """An officer takes up an open wish for the department of theirs."""
    wish = CommunityWish.objects.inside(access.which("wish.take")).select_for_update().filter(pk=pk).first()
    if wish is None:
        raise OutOfScope("There is no such wish in scope.")
    if user.department_id is None:
        raise NotAllowed(_("您的账号没有填写部门。"), fix=_("请联系管理员填写。"))
    if wish.state != WishState.OPEN:
        raise Conflict(_("这个心愿不在等待认领。"), fix=_("请刷新页面。"))
    wish.state, wish.department_id, wish.by = WishState.TAKEN, user.department_id, user
    wish.save()
    return wish


@transaction.atomic
def free_wish(pk: int, *, user: User, access: Access) -> CommunityWish:
    """Nothing came of it: the wish waits for somebody else."""
    wish = _in_hand(pk, access)
    if wish.state != WishState.TAKEN:
        raise Conflict(_("这个心愿没有人认领。"), fix=_("请刷新页面。"))
    wish.neighbours.filter(part=Neighbour.Part.HELPER).update(state=Neighbour.State.DECLINED)
    wish.state, wish.department, wish.by = WishState.OPEN, None, user
    wish.save()
    return wish


@transaction.atomic
def fulfil_wish(pk: int, answer: str, *, user: User, access: Access) -> CommunityWish:
    """It has come true; what was done may be said in public."""
    wish, answer = _in_hand(pk, access), read_words(answer, "answer", LONGEST)
    if wish.state not in (WishState.OPEN, WishState.TAKEN):
        raise Conflict(_("这个心愿不在等待实现。"), fix=_("请刷新页面。"))
    wish.state, wish.done_at, wish.answer, wish.by = WishState.DONE, timezone.now(), answer, user
    wish.save()
    return wish


@transaction.atomic
def show_thanks(pk: int, text: str, *, user: User, access: Access) -> CommunityWish:
    """Let anybody see the thanks in these words; without any, nobody."""
    wish, text = _in_hand(pk, access), read_words(text, "thanks", LONGEST)
    if not wish.thanks_told:
        raise Conflict(_("还没有人道谢。"), fix=_("请刷新页面。"))
    wish.thanks, wish.by = text, user
    if not text:
        wish.thanks_told = ""
    wish.save()
    return wish
