"""Which incidents hold two given letters side by side: what a search for words is answered from.

Chinese words are mostly two letters long, too short for an index of trigrams, and reading a million texts takes a
second. So every pair of neighbouring letters has a list of the incidents in whose place or description it stands, cut
into parts by id: few numbers, or a bit for each incident of the part. An incident that came, or whose text changed,
since its part was last written stands in `PairNews` and is looked at itself; so nothing is missed, or found that is no
more.
"""

from itertools import pairwise

from django.db import models

#: Incidents of one part: those whose id is the same but for so many low bits.
PART_BITS = 17
PART = 1 << PART_BITS
#: Bytes of `Pair.members` that are a bit for each incident. A list of 4-byte numbers is always shorter.
BITMAP = PART // 8
#: Bits of a letter. The second of a pair is 0 where a text ends or a blank follows.
LETTER_BITS = 21


class Pair(models.Model):
    """The incidents of one part that hold a pair of letters: low bits of their ids as 4-byte numbers, or a bitmap."""

    pk = models.CompositePrimaryKey("letters", "part")
    letters = models.BigIntegerField()
    part = models.IntegerField()
    members = models.BinaryField()


class PairNews(models.Model):
    """An incident whose text no part holds yet. Twice where it changed twice: each writer leaves a note of its own, so
    that whoever writes the part takes away only notes of texts it has read.
    """

    incident_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["incident_id"], name="pair_news_by_incident")]  # those of one part


def letters_of(word: str) -> list[int]:
    """The pairs of a word of two letters or more, as `Pair.letters` holds them."""
    return [ord(one) << LETTER_BITS | ord(next_) for one, next_ in pairwise(word)]


def letters_from(letter: str) -> tuple[int, int]:
    """The lowest pair that begins with a letter, and the first after it that does not."""
    return ord(letter) << LETTER_BITS, (ord(letter) + 1) << LETTER_BITS


def trigger_sql() -> str:
    """The function and the triggers that note new texts. Safe to run again."""
    return "\n".join([_NOTE, _trigger("insert", "INSERT"), _trigger("update", "UPDATE")])


_NOTE = """
CREATE OR REPLACE FUNCTION grid_note_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO grid_pairnews (incident_id) SELECT id FROM touched;
  ELSE
    INSERT INTO grid_pairnews (incident_id) SELECT t.id FROM touched t JOIN before b USING (id)
    WHERE (t.place, t.description) IS DISTINCT FROM (b.place, b.description);
  END IF;
  RETURN NULL;
END $$;"""


def _trigger(name: str, act: str) -> str:
    old = "OLD TABLE AS before " if act == "UPDATE" else ""
    return (
        f"DROP TRIGGER IF EXISTS grid_note_text_{name} ON grid_incident;\n"
        f"CREATE TRIGGER grid_note_text_{name} AFTER {act} ON grid_incident REFERENCING {old}NEW TABLE AS touched"
        " FOR EACH STATEMENT EXECUTE FUNCTION grid_note_text();"
    )
