import pandas as pd
import pytest

from gis.errors import BadFile
from gis.exchange.columns import apply_map, fields_of, guess, missing_fields, plain_name, take, take_text


def frame(**columns):
    return pd.DataFrame(columns)


def test_it_recognises_beijings_townships():
    town = frame(
        prov=["北京市"],
        city=["北京市"],
        district=["顺义区"],
        town=["张镇"],
        worldpop=[20411],
        km2=[9.5],
        code=["110113110"],
        nbs2023_name=["张镇"],
    )
    assert guess("areas", town) == {
        "code": "code",
        "province": "prov",
        "city": "city",
        "district": "district",
        "street": "town",
        "population": "worldpop",
    }


def test_it_recognises_new_yorks_tracts():
    tracts = frame(
        ntaname=["Midtown"], ct2010=["009800"], boro_ct2010=["1009800"], boro_name=["Manhattan"], Population=[7316]
    )
    found = guess("areas", tracts)
    assert found["source_code"] == "boro_ct2010"
    assert found["parent"] == "boro_name"
    assert found["population"] == "Population"
    assert found["name"] == "ntaname"


def test_it_takes_the_column_with_a_date_where_two_are_named_time():
    crimes = frame(time=["06:00", "07:30"], date=["2010-01-01", "2010-01-02"])
    assert guess("incidents", crimes)["reported_at"] == "date"


def test_it_recognises_chinese_headings():
    people = frame(
        姓名=["张三"],
        身份证号码=["110105194912310021"],
        联系电话=["10000000000"],
        楼号=["12号楼"],
        单元=["3"],
        室号=["402"],
    )
    assert guess("residents", people) == {
        "name": "姓名",
        "identity": "身份证号码",
        "phone": "联系电话",
        "number": "楼号",
        "unit": "单元",
        "room": "室号",
    }


def test_it_does_not_believe_a_name_against_the_content():
    assert "longitude" not in guess("incidents", frame(lon=["east", "west"]))


def test_it_uses_no_column_twice():
    found = guess("buildings", frame(id=[1], name=["塔楼"], type=["住宅"]))
    assert len(set(found.values())) == len(found)


def test_it_maps_as_told_and_joins_columns():
    crimes = frame(d=["2010-01-01"], t=["06:00"])
    mapping = apply_map("incidents", crimes, {}, ["reported_at=d+t"])
    assert list(take(crimes, mapping, "reported_at")) == ["2010-01-01 06:00"]


def test_it_leaves_out_what_it_is_told_to():
    assert apply_map("areas", frame(name=["a"]), {"name": "name"}, ["name="]) == {}


@pytest.mark.parametrize(
    ("wish", "hint"), [("nmae=x", "可用的字段：code"), ("name=nme", "name"), ("name", "可用的字段")]
)
def test_it_says_what_there_is_when_a_name_is_unknown(wish, hint):
    with pytest.raises(BadFile) as caught:
        apply_map("areas", frame(name=["a"]), {}, [wish])
    assert hint in str(caught.value)


def test_it_names_the_required_fields_that_are_missing():
    assert [field.name for field in missing_fields("incidents", {})] == ["reported_at"]


def test_it_reads_whole_numbers_without_a_point():
    assert list(take_text(frame(code=[110113001.0, None]), {"code": "code"}, "code")) == ["110113001", ""]
    assert list(take_text(frame(code=[1.5, None]), {"code": "code"}, "code")) == ["1.5", ""]


def test_it_has_no_name_twice_in_one_field():
    for subject in ("areas", "buildings", "residents", "incidents", "service_points", "components"):
        for field in fields_of(subject).values():
            assert len(set(field.names)) == len(field.names), field.name


def test_it_ignores_case_marks_and_brackets_in_names():
    assert plain_name(" Geo_ID (2010) ") == "geoid"
    assert plain_name("层数（地上）") == "层数"
