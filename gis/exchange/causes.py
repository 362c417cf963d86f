"""What a library complained of when it read a file, in the reader's words.

Its own words are English, and name paths of this machine and lines of its own source.
"""

import re

from django.utils.translation import gettext as _

_LINE = re.compile(r"\b(?:on|at|in|from) line (\d{1,9})\b")
_SEALED = re.compile("encrypted|password", re.IGNORECASE)
_DATABASE = re.compile("malformed|not a database|sqlite", re.IGNORECASE)
_UNPACKED = re.compile(
    "bad CRC|incorrect header check|invalid (?:stored block|distance|code|bit length)", re.IGNORECASE
)


def cause(error: Exception) -> str:
    """Where the fault is, or of what kind; that the file is damaged where the library says nothing that helps."""
    said = str(error)
    if line := _LINE.search(said):
        return _("第 %(n)s 行有错误") % {"n": line[1]}
    if _SEALED.search(said):
        return _("设了密码")
    if isinstance(error, UnicodeError):
        return _("文字编码不对")
    if _UNPACKED.search(said):
        return _("压缩的内容已损坏")
    if _DATABASE.search(said):
        return _("里面的数据库已损坏")
    return _("文件不完整或已损坏")
