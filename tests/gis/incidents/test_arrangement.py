"""A year's holidays read from the State Council's notice or from a list; what does not fit is said before it counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.incidents.arrangement import LONGEST_TEXT, read_arrangement
from gis.incidents.holidays import OFF, WORK, Day, official_calendar

NOTICE_2026 = """各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。"""


def of_year(year: int) -> dict[date, Day]:
    return {day: one for day, one in official_calendar().days.items() if day.year == year}


def test_it_reads_the_notice_as_it_is_published():
    read = read_arrangement(NOTICE_2026, 2027)
    assert read.problems == []
    assert read.days == of_year(2026)


def test_it_reads_one_day_off_and_days_of_two_years():
    read = read_arrangement(
        "2025年安排如下。\n一、元旦：1月1日（周三）放假1天，不调休。\n二、春节：2024年12月31日至2025年1月2日放假。",
        2020,
    )
    assert [day.isoformat() for day in read.days] == ["2025-01-01", "2024-12-31", "2025-01-02"]


def test_it_reads_a_list_with_a_day_a_line():
    read = read_arrangement(
        "2027-02-06 班 春节调休\n2027/2/7至2027/2/13\t休\t春节\n2027年9月25日，班\n2027.5.1,off,劳动节", 2026
    )
    assert read.problems == []
    assert read.days[date(2027, 2, 6)] == Day(date(2027, 2, 6), WORK, "春节调休")
    assert read.days[date(2027, 2, 13)] == Day(date(2027, 2, 13), OFF, "春节")
    assert read.days[date(2027, 9, 25)].name == "班"
    assert read.days[date(2027, 5, 1)] == Day(date(2027, 5, 1), OFF, "劳动节")
    assert len(read.days) == 10


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("春节：2月15日（周六）放假", "请核对年份"),
        ("2月30日放假", "没有"),
        ("2月15日至23日放假，共8天", "天数不对"),
        ("2月16日上班", "本来就上班"),
        ("2月15日", "没有说是休还是班"),
        ("2月15日放假。2月15日上班", "既说休又说班"),
        ("1月1日至12月1日放假", "太长"),
        ("x" * (LONGEST_TEXT + 1), "太长"),
    ],
)
def test_it_says_what_does_not_fit(text, says):
    assert says in read_arrangement(text, 2026).problems[0]


def test_a_notice_of_another_year_is_noticed():
    """Its weekdays give it away."""
    assert len(read_arrangement(NOTICE_2026.replace("2026年", "2027年"), 2027).problems) >= 7


@given(
    st.lists(
        st.tuples(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(1, 9), st.sampled_from([OFF, WORK])),
        max_size=12,
        unique_by=lambda found: found[0],
    )
)
def test_a_list_written_is_read_again(spans):
    expected: dict[date, str] = {}
    lines = []
    for first, length, kind in spans:
        days = [first + timedelta(days=n) for n in range(length if kind == OFF else 1)]
        if any(day in expected for day in days) or (kind == WORK and first.weekday() < 5):
            continue
        expected |= dict.fromkeys(days, kind)
        lines.append(f"{days[0]}至{days[-1]} {'休' if kind == OFF else '班'} 某节")
    read = read_arrangement("\n".join(lines), 2026)
    assert read.problems == []
    assert {day: one.kind for day, one in read.days.items()} == expected


@given(st.text(alphabet="0123456789年月日至、。（）周六休班放假上班:-/ \n", max_size=80))
def test_nothing_typed_makes_it_fail(text):
    assert read_arrangement(text, 2026).days is not None
