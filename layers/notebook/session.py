"""Who asks: a token, taken from the environment, worked out anew for every call and never shown."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import django
from django.apps import apps


@dataclass(frozen=True)
class Session:
    token: str = field(repr=False)
    language: str


_session: Session | None = None


def make_ready() -> None:
    """Start Django where nobody has, with the rights that the pages have."""
    if apps.ready:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")
    os.environ.setdefault("WANGGE_SERVING", "1")
    # A notebook runs its cells inside an event loop; nothing else runs there while one waits for the database.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    django.setup()


def sign_in(token: str = "", *, language: str = "zh-hans") -> None:
    """Ask with a token from now on; without one, with that of the environment, `WANGGE_TOKEN`.

    `language`: of the names and words in what is answered, "zh-hans" or "en".
    Raises NotAllowed for a token that is not good, and where there is none.
    """
    global _session
    _session = Session(token or os.environ.get("WANGGE_TOKEN", ""), language)
    with asking():
        pass


@contextmanager
def asking() -> Iterator:
    """What the token opens now (`Access`); inside the block the database shows no person.

    Each counts as a request of the token. Raises NotAllowed for a token that is not good or has used up its minute.
    """
    from django.utils import translation

    from gis.accounts.scope import Scope, applied

    session = _session or _from_environment()
    with translation.override(session.language):
        access = _access(session.token)
        with applied(Scope(())):
            yield access


def _from_environment() -> Session:
    return Session(os.environ.get("WANGGE_TOKEN", ""), "zh-hans")


def _access(text: str):
    from django.utils.translation import gettext as _

    from gis.accounts.token import spend
    from gis.errors import NotAllowed

    if not text:
        fix = _("把令牌写进环境变量 WANGGE_TOKEN，或交给 layers.sign_in；令牌由管理员签发。")
        raise NotAllowed(_("没有令牌。"), fix=fix)
    spent = spend(text)
    if spent is None:
        raise NotAllowed(_("令牌无效、已过期或已吊销。"), fix=_("请管理员核对，或另发令牌。"))
    if spent.is_too_many:
        pace = {"n": spent.token.per_minute, "seconds": spent.seconds}
        raise NotAllowed(_("这一分钟的请求超过了 %(n)s 次。") % pace, fix=_("请 %(seconds)s 秒后再试。") % pace)
    access = spent.token.access()
    if not access.scopes:
        fix = _("请管理员核对账号的任职，或另发令牌。")
        raise NotAllowed(_("这个令牌现在不能做任何事：它的账号没有任职。"), fix=fix)
    return access
