"""The words of the interface: Chinese in the source, English in the catalogue, none without."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils.translation import gettext, override

from web.words import ROOT, Word, read_catalogue, renewed, without_english, words

_HAN = re.compile(r"[\u4e00-\u9fff]")
#: Chinese that stands in an English page on purpose: the product's name, its language, an example to type.
_MEANT = ("网格", "中文")


def test_it_has_english_for_every_word():
    assert without_english(read_catalogue()) == []


def test_it_has_no_word_the_source_no_longer_uses():
    kept = {(message.context, message.id) for message in renewed(read_catalogue())}
    assert {(message.context, message.id) for message in read_catalogue()} <= kept


def test_it_notices_a_word_without_english():
    assert len(without_english(Catalog(locale="en"))) == len({word.id for word in words()})


def test_it_keeps_the_places_to_fill_in():
    for message in read_catalogue():
        for english in [message.string] if isinstance(message.string, str) else message.string:
            source = message.id if isinstance(message.id, str) else message.id[0]
            assert _slots(english) == _slots(source), source


def _slots(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|%[ds]", text))


def test_it_tells_a_daughter_from_a_woman():
    found = {word.context for word in words() if word.id == "女"}
    assert found == {None, "relation"}


def test_it_finds_words_of_templates_and_of_plurals():
    known = {word.message for word in words()}
    assert "没有符合条件的事件。" in known
    assert ("共 %(total)s 条", "共 %(total)s 条") in known


@pytest.mark.parametrize("path", sorted((ROOT / "web" / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_it_has_no_chinese_outside_a_translation(path: Path):
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{%\s*blocktrans.*?endblocktrans(late)?\s*%}", "", text, flags=re.S)
    text = re.sub(r"{%\s*(translate|trans) .*?%}|{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    for meant in _MEANT:
        text = text.replace(meant, "")
    assert not _HAN.findall(text)


def test_a_word_with_a_plural_is_named_by_its_singular():
    assert Word(("一", "多"), "here").id == "一"


def test_it_speaks_english_once_compiled():
    from web.start.messages import compile_messages

    compile_messages(ROOT / "web" / "locale")
    with override("en"):
        assert gettext("没有符合条件的事件。") == "No incident fits."
