"""A few invented people to match: a family with twins and a father whose son has his name, and neighbours."""

from collections.abc import Iterable, Mapping

import numpy as np

from gis.people.matching.linking import Links, link
from gis.people.matching.persons import FIELDS, PERSONS

Row = dict[str, str]


def person(name: str, birth: str, sex: str = "1", identity: str = "", phone: str = "", address: str = "") -> Row:
    return {"name": name, "birth": birth, "sex": sex, "identity": identity, "phone": phone, "address": address}


_HOME, _PHONE = "建新北区12号楼3单元402室", "12910000001"
FATHER = person("赵建国", "1955-03-12", "1", "110222195503120011", _PHONE, _HOME)
MOTHER = person("孙秀英", "1957-08-01", "2", "110222195708010022", _PHONE, _HOME)
SON = person("赵建国", "1983-09-20", "1", "110222198309200032", "12910000002", _HOME)
TWIN_ONE = person("赵子轩", "2012-06-01", "1", "110113201206010117", _PHONE, _HOME)
TWIN_TWO = person("赵子昂", "2012-06-01", "1", "110113201206010133", _PHONE, _HOME)
NEIGHBOUR = person("欧阳静怡", "1990-02-11", "2", "130102199002110048", "12910000009", "建新北区12号楼3单元401室")
DOTTED = person("艾合买提·吐尔逊", "1979-11-30", "1", "650102197911300015", "12910000012", "石园东区5号楼1单元101室")
EVERYBODY = [FATHER, MOTHER, SON, TWIN_ONE, TWIN_TWO, NEIGHBOUR, DOTTED]


def table(rows: Iterable[Mapping[str, object]]) -> dict[str, np.ndarray]:
    rows = list(rows)
    columns = {}
    for field in FIELDS:
        columns[field] = np.empty(len(rows), dtype=object)
        columns[field][:] = [row.get(field, "") for row in rows]
    return columns


def matched(rows: Iterable[Mapping[str, object]], known: Iterable[Mapping[str, object]] = EVERYBODY) -> Links:
    return link(table(rows), table(known), PERSONS)


def decided(row: Mapping[str, object], known: Iterable[Mapping[str, object]] = EVERYBODY) -> tuple[str, int]:
    """What becomes of one row, and the known person it is taken for."""
    judged = matched([row], known).judged
    return str(judged.decision[0]), int(judged.best[0])
