"""Every category is found by name, other words, initials and pinyin."""

import pytest

from gis.incidents.category_choice import category_choices
from gis.models import Category

pytestmark = pytest.mark.django_db


def found(typed: str) -> set[str]:
    return {one.category.code for one in category_choices() if typed in one.keys}


@pytest.mark.parametrize(
    ("typed", "code"),
    [("井盖", "C0402"), ("窨井", "C0402"), ("jgqs", "C0402"), ("jinggai", "C0402"), ("电瓶车", "C0102"),
     ("爆管", "C0404"), ("bg", "C0404"), ("违建", "C0504")],
)  # fmt: skip
def test_it_is_found_by(typed, code):
    assert code in found(typed)


def test_the_list_is_short_in_order_and_without_retired_ones():
    codes = [one.category.code for one in category_choices()]
    assert codes == sorted(codes)
    assert 40 < len(codes) < 60
    Category.objects.filter(code="C0402").update(retired=True)
    assert "C0402" not in [one.category.code for one in category_choices()]


def test_every_category_has_other_words():
    categories = list(Category.objects.filter(kind="community"))
    assert categories
    assert [one.code for one in categories if not one.synonyms] == []
