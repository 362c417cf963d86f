"""Why a sign-in from outside ends: in the words of who sees it, with a code that an administrator can look up."""

from django.conf import settings
from django.utils.translation import gettext as _

from gis.errors import NotAllowed, NotReady


class Unreachable(NotReady):
    """The provider does not answer."""

    code = "unreachable"

    def __init__(self) -> None:
        said = _("现在连不上“%(name)s”。") % {"name": settings.OUTSIDE_PROVIDER.name}
        super().__init__(said, fix=_("请稍后再试，或用网格的用户名和密码登录。"))


class WrongState(NotAllowed):
    """An answer that this browser has not asked for, or not lately, or has used already."""

    code = "state"

    def __init__(self) -> None:
        super().__init__(_("这次登录已经失效。"), fix=_("请回到登录页重新登录；不要打开收藏的或别人发来的登录网址。"))


class Unverified(NotAllowed):
    """Something the provider said does not hold. `code` says what, and tells nothing of anybody."""

    def __init__(self, code: str) -> None:
        self.code = code
        said = _("“%(name)s”发来的登录凭据没有通过核对，没有登录。") % {"name": settings.OUTSIDE_PROVIDER.name}
        super().__init__(said, fix=_("请重新登录；若仍不行，请把时间和代号 %(code)s 告诉管理员。") % {"code": code})


class Declined(NotAllowed):
    """The provider, or the person there, said no."""

    code = "declined"

    def __init__(self) -> None:
        said = _("您没有在“%(name)s”完成登录。") % {"name": settings.OUTSIDE_PROVIDER.name}
        super().__init__(said, fix=_("请回到登录页再试，或用网格的用户名和密码登录。"))


class NotAdmitted(NotAllowed):
    """The provider knows the person; here they have no way in."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message, fix=_("请联系您单位的网格管理员。"))
