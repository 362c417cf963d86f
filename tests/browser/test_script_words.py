"""The words of the TypeScript: Chinese in the source, English in djangojs.po, none without."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

_WEB = Path(__file__).resolve().parents[2] / "web"
_LITERAL = re.compile(r'"([^"\n]*[\u3001\u4e00-\u9fff\uff0c\uff1b][^"\n]*)"')
_COMMENT = re.compile(r"^\s*(//|\*|/\*).*$|\s//\s.*$", re.MULTILINE)


def _said() -> set[str]:
    sources = (_COMMENT.sub("", path.read_text()) for path in (_WEB / "frontend" / "src").rglob("*.ts"))
    return {word for source in sources for word in _LITERAL.findall(source)}


def _english() -> dict[str, str]:
    with (_WEB / "locale" / "en" / "LC_MESSAGES" / "djangojs.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def test_it_has_english_for_every_word_and_no_word_too_many():
    assert {word for word, english in _english().items() if english} == _said()


def test_it_keeps_the_places_to_fill_in():
    for word, english in _english().items():
        assert sorted(re.findall(r"{\w+}", word)) == sorted(re.findall(r"{\w+}", english)), word
