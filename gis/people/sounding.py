"""How names sound: one sign for all that sound alike, so that names are compared as people hear and mistype them.

The table of sounds lives in the database (`sounding.sql`, whose trigger keeps every resident's), made once from
pypinyin; what is typed is read by the same table, so both always agree.
"""

import re
from functools import cache

from django.db import connection

from gis.people.surnames import SOUNDS
from gis.places.search.sounds import code_of, spelled, syllables_of

_SIGNS = range(0x3400, 0xA000)
#: A name has such a sign as its surname, or in that reading, far more often than in the other.
_READINGS = SOUNDS | {"长": "chang"}
_PIECES = re.compile(r"[a-zü]+|.", re.DOTALL)
_LEFT_OUT = str.maketrans("", "", " \t　·•・‧.．-－'’()（）")


def reading(sign: str) -> str:
    """The pinyin of one sign, as a surname where it is one."""
    return _READINGS.get(sign) or spelled(sign)


def sound_rows() -> tuple[list[tuple[str, str]], str, str]:
    """Every sign with its sound; and all sounds beside the letters they begin with. For the table, made once."""
    firsts: dict[int, str] = {}
    letters: dict[str, str] = {}
    rows = []
    for sign in map(chr, (*range(0x4E00, 0xA000), *range(0x3400, 0x4E00))):
        syllable = reading(sign)
        code = code_of(syllable) if syllable else 0
        if code:
            sound = firsts.setdefault(code, sign)
            letters.setdefault(sound, "l" if syllable[0] == "n" else syllable[0])
            rows.append((sign, sound))
    return rows, "".join(letters), "".join(letters.values())


@cache
def _sounds() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sign, sound FROM grid_sign")
        return dict(cursor.fetchall())


@cache
def _of_syllables() -> dict[int, str]:
    """The number of a syllable → its sound."""
    return {code_of(reading(sound)): sound for sound in set(_sounds().values())}


def sounds_of(text: str) -> str:
    """A name as it sounds, typed in signs, in pinyin or both: 张wei as 张伟. Blanks and apostrophes part syllables."""
    words = re.sub("['’]", " ", text.lower()).split()
    return "".join(_heard(piece) for word in words for piece in _PIECES.findall(word.translate(_LEFT_OUT)))[:30]


def _heard(piece: str) -> str:
    if not (piece.isascii() or "ü" in piece):
        return _sounds().get(piece, piece)
    known = [_of_syllables().get(code_of(one)) for one in syllables_of(piece.replace("ü", "v"))]
    return "".join(filter(None, known)) if known and all(known) else piece


def initials_of(text: str) -> str:
    """Letters typed as the initials of a name, "" where they are something else."""
    letters = text.lower().translate(_LEFT_OUT)
    return letters.replace("n", "l") if 2 <= len(letters) <= 6 and letters.isascii() and letters.isalpha() else ""
