"""The name a cell gets when it is published."""

import pytest
import shapely

from gis.planning.publishing.drafts import Draft, name_of


@pytest.mark.parametrize(
    ("name", "code", "named"),
    [
        ("", "", "第7网格"),
        ("新网格32", "", "第7网格"),
        ("New cell 32", "", "第7网格"),
        ("第1网格", "", "第7网格"),
        ("第1网格-32", "", "第7网格"),
        ("幸福西街社区第1网格-32", "", "幸福西街社区第7网格"),
        ("幸福西街社区第1网格-32-33", "", "幸福西街社区第7网格"),
        ("东院", "", "东院"),
        ("东院-32", "", "东院-32"),
        ("第1网格-32", "110113001006007", "第1网格-32"),
        (" 老名 ", "110113001006007", "老名"),
    ],
)
def test_what_nobody_named_is_called_after_its_number(name, code, named):
    draft = Draft(1, name, "service", "110113001006", code, shapely.MultiPolygon())
    assert name_of(draft, "110113001006007") == named
