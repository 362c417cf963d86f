"""Reading what people write into the forms of a community's page."""

from django.utils.translation import gettext as _

from gis.errors import Refused


def refuse(field: str, message: str, fix: str) -> Refused:
    """A refusal of one field."""
    return Refused(message, fix=fix, fields={field: f"{message} {fix}"})


def read_words(text: str, field: str, most: int, *, needed: bool = False) -> str:
    """A text without what no text holds. Raises Refused for one that is too long, or empty where it is needed."""
    kept = "".join(letter for letter in text.replace("\r\n", "\n") if letter.isprintable() or letter == "\n").strip()
    if len(kept) > most:
        raise refuse(field, _("内容超过 %(most)d 个字。") % {"most": most}, _("请缩短。"))
    if needed and not kept:
        raise refuse(field, _("内容是空的。"), _("请写一句话。"))
    return kept


def read_line(text: str, field: str, most: int, *, needed: bool = False) -> str:
    """The same in one line."""
    return " ".join(read_words(text, field, most, needed=needed).split())


def read_phone(text: str, *, needed: bool = False) -> str:
    """The digits of a phone, "" where none was given. Raises Refused for what is none."""
    kept = "".join(sign for sign in text if sign.isdecimal())
    digits = "".join(str(int(sign)) for sign in kept)  # full-width ones too
    if not digits and not text.strip() and not needed:
        return ""
    if not 7 <= len(digits) <= 15 or any(sign not in "+-() （）－　" and not sign.isdecimal() for sign in text):
        raise refuse("phone", _("电话号码不对。"), _("请写手机号，或带区号的固定电话。"))
    return digits
