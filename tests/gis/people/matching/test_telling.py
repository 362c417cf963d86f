from django.utils import translation

from gis.people.matching.persons import PERSONS
from gis.people.matching.telling import sentence, tell
from tests.gis.people.matching.cast import EVERYBODY, NEIGHBOUR, matched


def test_it_tells_why_in_words():
    row = NEIGHBOUR | {"name": "欧阳静宜", "birth": "1990-11-02", "identity": "", "address": ""}
    links = matched([row], EVERYBODY)
    levels = links.levels[links.candidates(0)[0]]
    with translation.override("zh-hans"):
        assert sentence(levels, PERSONS) == "姓名：同音；出生日期：月日颠倒；性别：相同；电话：相同"
    with translation.override("en"):
        assert [(one.key, one.word) for one in tell(levels, PERSONS)][:2] == [
            ("sound", "same sound"),
            ("turned", "month and day swapped"),
        ]
