"""The same meaning under another name is found; another meaning is not taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.collection.catalogue import standard_fields
from gis.collection.field import Field
from gis.collection.same import matches, names_of, one_spelling

ROWS = standard_fields()
FIELDS = [
    Field(code=code, **{name: row[name] for name in ("name", "name_en", "synonyms", "subject")})
    for code, row in ROWS.items()
]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("联系电话", "phone"), ("手机号码", "phone"), ("本人手机号", "phone"), ("您的联系电话（必填）", "phone"),
        ("ＰＨＯＮＥ", "phone"), ("出生年月", "born"), ("身份证号码", "identity"), ("与户主的关系", "relation"),
        ("是否人户分离", "hukou_match"), ("工作单位名称", "workplace"), ("就业情况", "employment"),
    ],
)  # fmt: skip
def test_it_finds_what_a_department_calls_otherwise(wanted, code):
    best = matches(wanted, "person", FIELDS)[0]
    assert (best.field.code, best.is_same) == (code, True)


@pytest.mark.parametrize("wanted", ["宠物数量", "紧急联系人单位", "是否养犬", "电动车车牌", "的", "", "（）", "　"])
def test_it_takes_nothing_for_what_it_is_not(wanted):
    assert not any(match.is_same for match in matches(wanted, "person", FIELDS))


def test_what_sounds_alike_is_shown_but_is_not_the_same():
    found = matches("紧急联系人地址", "person", FIELDS)
    assert "emergency_contact" in {match.field.code for match in found}
    assert not found[0].is_same


def test_a_name_about_another_subject_is_another_field():
    assert not any(match.is_same for match in matches("联系电话", "dwelling", FIELDS))


def test_the_standard_holds_no_meaning_twice():
    seen = {}
    for field in FIELDS:
        for name in names_of(field):
            assert seen.setdefault((field.subject, name), field.code) == field.code, (name, field.code)


@given(st.text(max_size=30))
def test_one_spelling_of_one_spelling_is_the_same(text):
    assert one_spelling(one_spelling(text)) == one_spelling(text)


@given(
    st.sampled_from(FIELDS),
    st.sampled_from(["", "本人", "居民", " ", "　"]),
    st.sampled_from(["", "（必填）", "*", "："]),
)
def test_every_standard_name_is_found_however_it_is_dressed(field, before, after):
    found = matches(f"{before}{field.name}{after}", field.subject, FIELDS)
    assert (found[0].field.code, found[0].is_same) == (field.code, True)
