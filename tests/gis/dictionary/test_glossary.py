"""The glossary says every word of the design in both languages."""

from gis.dictionary.glossary import GROUPS, terms

#: Words that every page uses.
WORDS = {
    "district", "street", "community", "cell", "service cell", "unit cell", "management cell", "dedicated cell",
    "dwelling", "residence", "incident", "step", "posting", "plan", "scope",
}  # fmt: skip


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def test_every_term_is_told_in_both_languages():
    for one in terms():
        assert one.group in GROUPS
        assert is_chinese(one.term)
        assert is_chinese(one.meaning)
        assert one.term_en
        assert not is_chinese(one.term_en + one.meaning_en)
        assert one.meaning_en


def test_no_term_comes_twice_and_none_is_missing():
    english = [one.term_en for one in terms()]
    assert len(set(english)) == len(english) == len({one.term for one in terms()})
    assert set(english) >= WORDS
