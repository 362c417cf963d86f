"""What people write into a form: without what no text holds, and refused by its field where it does not do."""

import hashlib

from django.utils.translation import gettext as _

from gis.errors import Refused


def refuse(field: str, message: str, fix: str) -> Refused:
    """A refusal of one field."""
    return Refused(message, fix=fix, fields={field: f"{message} {fix}"})


def read_words(text: str, field: str, most: int, *, needed: bool = False) -> str:
    """A text of at most so many characters. Raises Refused for a longer one, or an empty one where it is needed."""
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
    """The digits of a phone; "" where none was given. Raises Refused for what is none."""
    if not text.strip() and not needed:
        return ""
    signs = [sign for sign in text if sign not in " +-()（）－　\t"]
    digits = "".join(str(int(sign)) for sign in signs if sign.isdecimal())  # full-width ones too
    if len(digits) != len(signs) or not 7 <= len(digits) <= 15:
        fix = _("请写手机号，或带区号的固定电话。") if needed else _("请写手机号，或带区号的固定电话；也可以不填。")
        raise refuse("phone", _("电话号码不对。"), fix)
    return digits


def hashed(secret: str) -> str:
    """The secret of a link as it is kept: whoever reads the table opens nothing with it."""
    return hashlib.sha256(secret.encode()).hexdigest()
