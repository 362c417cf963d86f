from datetime import date

import pytest
from django.utils import timezone

from gis.management.rotating import reseal_all
from gis.models import Dwelling, Gone, Household, Residence, Resident
from gis.people.gone import print_of
from gis.people.identity import check_character
from gis.people.sealing import blind_index, open_seal
from gis.retiring.running import retire

FIRST, SECOND = "110113001006", "110113001007"
pytestmark = pytest.mark.usefixtures("houses")


def invented(body: str) -> str:
    """A number that nobody can have: its check character is wrong."""
    return body + ("0" if check_character(body) != "0" else "1")


MAN, WOMAN, CHILD = invented("11011319800307123"), invented("11011319820511124"), invented("11011320150612125")


@pytest.fixture(autouse=True)
def synthetic(settings):
    settings.SYNTHETIC_IDS = True


def file(write, name="people.xlsx", **columns):
    given = {
        "姓名": ["甲一", "乙二", "甲小"],
        "身份证号": [MAN, WOMAN, CHILD],
        "性别": ["男", "女", "男"],
        "联系电话": ["19900000001", "", ""],
        "小区": ["建新北区"] * 3,
        "楼号": ["1号楼", "1号楼", "01"],
        "单元": ["3单元", "3", "3"],
        "室号": ["402室", "402", "402"],
        "与户主关系": ["户主", "配偶", "子"],
    }
    return write(name, given | columns)


def test_it_brings_a_family_home(bring, write):
    assert "3 new" in bring("residents", file(write))
    dwelling = Dwelling.objects.get()
    assert (dwelling.unit, dwelling.room, dwelling.floor, dwelling.area) == ("3", "402", 4, FIRST + "001")
    assert Household.objects.count() == 1
    assert Residence.objects.filter(dwelling=dwelling, household=Household.objects.get(), ends=None).count() == 3
    man = Resident.objects.get(name="甲一")
    assert (man.sex, man.born, man.area, man.identity_last4) == ("1", date(1980, 3, 7), FIRST + "001", MAN[-4:])
    assert open_seal(man.identity_sealed) == MAN
    assert open_seal(man.phone_sealed) == "19900000001"
    assert Residence.objects.get(resident=man).relation == "02"


def test_it_changes_nothing_when_run_again(bring, write):
    path = file(write)
    bring("residents", path)
    sealed = bytes(Resident.objects.get(name="甲一").identity_sealed)
    assert "0 new, 0 updated, 3 unchanged" in bring("residents", path)
    assert bytes(Resident.objects.get(name="甲一").identity_sealed) == sealed
    assert (Residence.objects.count(), Household.objects.count(), Dwelling.objects.count()) == (3, 1, 1)


def test_it_ends_a_stay_and_begins_another_when_somebody_moves(bring, write):
    bring("residents", file(write, 入住日期=["2020-01-01"] * 3))
    moved = file(
        write, name="later.xlsx", 楼号=["1号楼", "1号楼", "2号楼"], 入住日期=["2020-01-01", "2020-01-01", "2025-06-01"]
    )
    assert "0 new, 1 updated" in bring("residents", moved, "--source", "people")
    child = Resident.objects.get(name="甲小")
    stays = list(child.residences.order_by("starts").values_list("starts", "ends"))
    assert stays == [(date(2020, 1, 1), date(2025, 6, 1)), (date(2025, 6, 1), None)]


def test_it_knows_a_person_of_another_source_by_the_number(bring, write):
    bring("residents", file(write))
    assert "0 new, 3 updated" in bring("residents", file(write, name="police.csv", 姓名=["甲一", "乙二", "甲小"]))
    assert Resident.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"身份证号": [MAN, MAN, CHILD]}, "文件里另一行与它相同"),
        ({"身份证号": [MAN[:17], WOMAN, CHILD]}, "is not 17 digits and a digit or X"),
        ({"身份证号": [invented("11011319801307123"), WOMAN, CHILD]}, "holds no possible birth date"),
        ({"性别": ["女", "女", "男"]}, "与证件号码不符"),
        ({"出生日期": ["1980-03-08", None, None]}, "与证件号码不符"),
        ({"姓名": [None, "乙二", "甲小"]}, "缺少名称"),
        ({"楼号": ["99号楼", "1号楼", "1"]}, "没有这个地址的楼栋"),
        ({"小区": [None, "建新北区", "建新北区"]}, "缺少地址或无法识别"),
    ],
)
def test_it_refuses_one_row_and_takes_the_others(bring, write, change, reason):
    said = bring("residents", file(write, **change))
    assert reason in said
    assert "2 new, 0 updated, 0 unchanged, 1 refused" in said


def test_it_refuses_a_wrong_check_digit_of_real_people(bring, write, settings):
    settings.SYNTHETIC_IDS = False
    right = MAN[:17] + check_character(MAN)
    said = bring("residents", file(write, 身份证号=[right, WOMAN, CHILD]))
    assert "2 × identity: has a wrong check character" in said
    assert Resident.objects.get().name == "甲一"


def test_it_says_when_a_spreadsheet_has_eaten_the_last_digits(bring, write):
    said = bring("residents", file(write, 身份证号=[float(MAN[:17] + "0"), WOMAN, CHILD]))
    assert "存成了数字" in said


def test_it_prints_nothing_of_a_person(bring, write):
    said = bring("residents", file(write, 性别=["女", "女", "男"]), "--dry-run")
    assert not any(secret in said for secret in ("甲一", MAN, MAN[-4:], "19900000001"))


def test_it_never_evaluates_a_formula(bring, write):
    bring("residents", file(write, 姓名=["=CMD|' /C calc'!A0", "乙二", "甲小"]))
    assert Resident.objects.filter(name="=CMD|' /C calc'!A0").exists()


def test_it_reads_a_whole_address(bring, write):
    path = write("p.csv", {"姓名": ["甲一"], "地址": ["北京市顺义区胜利街道建新北区2号楼1单元301室"]})
    bring("residents", path)
    assert Residence.objects.get().dwelling.building.code == FIRST + "00002"
    assert Dwelling.objects.get().room == "301"


def test_it_finds_a_building_by_code_road_or_other_name(bring, write):
    path = write(
        "p.csv",
        {
            "姓名": ["甲", "乙", "丙"],
            "building_code": [SECOND + "00001", None, None],
            "road": [None, "府前街", None],
            "gate": [None, "10", None],
            "小区": [None, None, "建北"],
            "楼号": [None, None, "2"],
            "室": ["101", "102", "103"],
        },
    )
    bring("residents", path)
    found = dict(Residence.objects.values_list("resident__name", "dwelling__building__code"))
    assert found == {"甲": SECOND + "00001", "乙": FIRST + "00001", "丙": FIRST + "00002"}


def test_it_places_a_person_in_a_community_when_no_building_is_known(bring, write):
    said = bring("residents", write("p.csv", {"姓名": ["甲", "乙"], "社区代码": [FIRST, "110113001999"]}))
    assert Resident.objects.get().area == FIRST
    assert "没有这个社区" in said


def test_it_knows_people_without_numbers_again(bring, write):
    path = write("p.csv", {"姓名": ["甲", "乙"], "出生日期": ["1950-01-01", "1950-01-01"], "社区代码": [FIRST, FIRST]})
    assert "2 new" in bring("residents", path)
    assert "2 unchanged" in bring("residents", path)


def test_it_makes_two_households_behind_one_door_where_the_file_says_so(bring, write):
    bring("residents", file(write, 户号=["A", "A", "B"]))
    assert Household.objects.count() == 2
    assert "3 unchanged" in bring("residents", file(write, 户号=["A", "A", "B"]))
    assert Household.objects.count() == 2


def test_it_needs_to_know_where_people_live(refused, write):
    assert "住在哪里" in refused("residents", write("p.csv", {"姓名": ["甲"]}))


def test_it_refuses_a_street_name_that_fits_two_buildings(bring, write):
    from gis.models import Building, Compound

    twin = Compound.objects.create(area=SECOND, name="建新北区")
    Building.objects.filter(code=SECOND + "00001").update(compound=twin)
    said = bring("residents", file(write, 楼号=["1号楼", "2号楼", "2"]))
    assert "有好几个社区都有这样的楼栋" in said


def test_a_file_without_numbers_and_keys_knows_its_rows_by_either_key(bring, write, settings):
    settings.PEOPLE_KEY = old = "o" * 40
    path = file(write, 身份证号=["", "", ""])
    assert "3 new" in bring("residents", path)
    settings.PEOPLE_KEY = f"2={'n' * 40},1={old}"
    assert "0 new" in bring("residents", path)
    assert Resident.objects.count() == 3


def test_the_rows_of_the_key_before_are_made_anew_without_the_file(bring, write, settings):
    settings.PEOPLE_KEY = old = "o" * 40
    path = file(write, 身份证号=["", "", ""])
    bring("residents", path)
    settings.PEOPLE_KEY = f"2={'n' * 40},1={old}"
    reseal_all(print)
    settings.PEOPLE_KEY = f"2={'n' * 40}"
    assert "0 new, 0 updated, 3 unchanged" in bring("residents", path)


def test_whose_record_was_deleted_does_not_come_back_with_an_old_file(bring, write):
    path = file(write, 编号=["k1", "k2", "k3"])
    bring("residents", path, "--source", "旧册")
    man = Resident.objects.get(name="甲一")
    Residence.objects.filter(resident=man).update(starts=date(2001, 1, 1), ends=date(2002, 2, 2))
    retire(timezone.localdate(), only="person")
    assert not Resident.objects.filter(pk=man.pk).exists()
    said = bring("residents", path, "--source", "旧册")
    assert "0 new, 0 updated, 2 unchanged, 1 refused" in said
    assert "记录已按规定删除" in said
    Gone.objects.update(print=None, code_print=None)
    assert "1 new" in bring("residents", path, "--source", "旧册")


def test_who_is_registered_here_again_is_known_though_a_record_was_deleted(bring, write):
    bring("residents", file(write))
    Gone.objects.create(
        key=1, area=FIRST, gone_on=date(2001, 1, 1), retired_on=date(2005, 1, 1), print=blind_index(print_of(MAN))
    )
    assert "0 new, 0 updated, 3 unchanged" in bring("residents", file(write))
