"""What a row says of its address, put together from its columns."""

import numpy as np
import pytest

from gis.collection.sheets.homes import written
from gis.collection.sheets.judging import Rows


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"compound": "21号院", "gate": "1", "room": "3"}, "21号院1号3室"),
        ({"compound": "21号院", "gate": "21"}, "21号院"),
        ({"address": "建新北区2号楼", "unit": "1", "room": "101"}, "建新北区2号楼1单元101室"),
        ({"address": "建新北区2号楼11单元", "unit": "1单元"}, "建新北区2号楼11单元1单元"),
        ({"address": "建新北区2号楼1单元", "unit": "1", "room": ""}, "建新北区2号楼1单元"),
        ({"compound": "建新北区", "number": "2", "unit": "", "room": "101"}, "建新北区2号楼101室"),
    ],
)
def test_a_part_is_said_once_and_none_is_lost_within_a_longer_number(parts, said):
    rows = Rows(np.array([2]), {code: np.array([text], dtype=object) for code, text in parts.items()})
    assert written(rows).tolist() == [said]
