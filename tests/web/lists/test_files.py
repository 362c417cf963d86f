"""Every list in every format: what is exported is what the pages show to the same reader, and no more."""

import pandas as pd
import pyogrio
import pytest
from django.http import QueryDict

from gis.accounts.scope import applied
from gis.errors import OutOfScope
from gis.models import Area, Building, Department, Organisation, Plan, Reading, Report, ServicePoint
from gis.reports.report import Kind
from layers.evaluation import Part
from tests.browsing import as_server
from tests.cast import CELL, COMMUNITY, DISTRICT, OTHER_STREET, STREET
from tests.web.lists.reading import NAMES, cells_in, names_in_csv, names_in_workbook, page_rows
from web.lists.all import LISTS, listing_of
from web.lists.evaluation import INDICATOR_PARTS
from web.lists.files import WRITERS, gather, kinds_of
from web.lists.listing import Asked
from web.lists.shown import words

#: List that a table of a page shows → an address of it; each is asked with and without a filter.
PAGES = {
    "buildings": "/buildings/?kind=dwelling",
    "components": "/components/?state=intact",
    "organisations": "/organisations/?kind=shop",
    "service_points": "/service-points/?kind=clinic",
}
#: Lists that pages show otherwise: each has a test of its own.
OTHERS = {"plans", "indicators", "indicator_parts", "ranking", "ranking_categories"}
READERS = ("li", "wang", "chen", "he")


def told(listing, user, query: str = ""):
    with as_server(), applied(user.access.which("people.count")):
        return gather(listing, Asked(QueryDict(query), user.access, user))


@pytest.fixture
def written(tmp_path):
    def write(kind: str, contents):
        return WRITERS[Kind(kind)](contents, tmp_path / f"list.{kind}", lambda percent: None)

    return write


@pytest.fixture
def plan(cast) -> Plan:
    return Plan.objects.create(name="甲方案", area=COMMUNITY, owner=cast.zhao, crs=4548, starts="2026-12-01")


def test_every_list_is_tried_here():
    assert set(PAGES) | OTHERS == set(LISTS)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("code", PAGES)
def test_a_file_has_the_rows_of_the_pages_in_their_order(code, name, cast, client_of, written):
    listing, user = LISTS[code], cast[name]
    address, _, query = PAGES[code].partition("?")
    for asked in ("", query):
        head, *shown = page_rows(client_of(name), f"{address}?{asked}") or [[]]
        try:
            contents = told(listing, user, asked)
        except OutOfScope:
            assert not shown
            continue
        frame = contents.sheets[0].headed
        kept = [one for one in listing.shown if not one.is_personal]
        columns = [frame[str(one.name)].astype(object) for one in kept]
        lines = [[words(None if pd.isna(value) else value) for value in line] for line in columns]
        positions = [listing.shown.index(one) for one in kept]
        plain = [one for one in kept if not one.part]
        assert len(shown) == len(frame)
        for one, line, at in zip(kept, lines, positions, strict=True):
            drawn = [row[at] for row in shown]
            if one in plain:
                assert drawn == [" ".join(text.split()) for text in line]
            else:  # a page adds a badge to it
                assert all(text.split()[0].split("、")[0] in cell for text, cell in zip(line, drawn, strict=True))
        assert not shown or [head[at] for at in positions] == [str(one.name) for one in kept]


@pytest.mark.parametrize("code", LISTS)
def test_every_format_is_read_by_other_programs(code, cast, written, plan):
    listing = LISTS[code]
    contents = told(listing, cast.li)
    frame = contents.sheets[0].frame
    assert len(frame)
    for kind in kinds_of(listing):
        path = written(kind, contents)
        if kind in NAMES:
            first = listing.columns[0].field if kind in ("xlsx", "csv", "csv-gb") else listing.called
            placed = frame if kind not in ("kml",) else frame[frame.geometry.notna()]
            assert NAMES[kind](path, listing.called) == placed[first].tolist(), kind
        else:
            assert len(pyogrio.read_dataframe(path)) >= len(frame)


@pytest.mark.parametrize("code", LISTS)
def test_an_empty_list_is_still_a_file(code, cast, written):
    contents = told(LISTS[code], cast.li, "q=有这样的词吗&state=missing&stand=closed&first=2001-01-01&last=2001-01-02")
    for kind in kinds_of(LISTS[code]):
        assert written(kind, contents).stat().st_size


def frame_of(code: str, user, query: str = ""):
    return told(LISTS[code], user, query).sheets[0].frame


@pytest.mark.parametrize("name", ["li", "sun", "wang"])
@pytest.mark.parametrize("query", ["", "by=department&days=365", "area=110113001006&show=timely_closing_rate"])
def test_the_indicators_are_those_of_the_page(name, query, cast, client_of):
    page = client_of(name).get(f"/evaluation/?{query}").content.decode()
    frame, rows = frame_of("indicators", cast[name], query), cells_in(page, "folding")[1:]
    pairs = [
        f"{above:,}/{below:,}" if below else "–" for above, below in zip(frame["above"], frame["below"], strict=True)
    ]
    assert [row[2] for row in rows] == pairs
    assert all(row[0].startswith(name) for row, name in zip(rows, frame["name"], strict=True))
    parts = frame_of("indicator_parts", cast[name], query)
    drawn = [row for row in cells_in(page, "rates") if len(row) == 4]  # the others are months
    assert [row[0] for row in drawn] == parts["name"].tolist()
    assert [row[3] for row in drawn] == [f"{a:,}/{b:,}" for a, b in zip(parts["above"], parts["below"], strict=True)]
    assert parts.geometry.notna().all() or "department" in query or name == "wang"


@pytest.mark.parametrize("name", ["li", "sun", "zhou"])
@pytest.mark.parametrize("query", ["", "area=110113001006&days=365"])
def test_the_ranking_is_that_of_the_dashboard(name, query, cast, client_of):
    rows = cells_in(client_of(name).get(f"/dashboard/?{query}").content.decode(), "compared")
    drawn = [[row[0], *row[2:]] for row in rows if row[0] not in ("类别", "辖区")]
    expected = []
    for code in ("ranking_categories", "ranking"):
        frame = frame_of(code, cast[name], query)
        columns = ["name", "count", "before"]
        rated = code == "ranking" and frame["rate"].notna().any()
        lines = frame[[*columns, "rate"] if rated else columns].astype(object).values.tolist()
        expected += [[line[0], *(_said(value) for value in line[1:])] for line in lines]
    assert drawn == expected


def _said(value) -> str:
    if pd.isna(value):
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


@pytest.mark.parametrize(("name", "found"), [("zhao", True), ("li", True), ("chen", False)])
def test_the_plans_are_those_of_the_page(name, found, plan, cast, client_of):
    listed = client_of(name).get("/plans/?order=name").content.decode()
    names = frame_of("plans", cast[name], "order=name")["name"].tolist()
    assert ("甲方案" in names) == found == ("甲方案" in listed)
    assert [listed.index(f">{one}<") for one in names] == sorted(listed.index(f">{one}<") for one in names)
    assert not frame_of("plans", cast[name], "state=published&area=110113001006")["name"].tolist()


def test_a_name_is_no_formula_and_every_sign_survives(cast, written):
    names = ["=HYPERLINK(1)", "+86", "-1", "@x", '𠮷，"引号"\n换行']
    for one, name in zip(Building.objects.filter(area=CELL).order_by("code"), names, strict=False):
        Building.objects.filter(pk=one.pk).update(name=name, compound=None)
    contents = told(LISTS["buildings"], cast.wang)
    shown = [f"'{name}" if name[0] in "=+-@" else name for name in names]
    for kind, encoding in (("csv", "utf-8-sig"), ("csv-gb", "gb18030")):
        assert [row[0] for row in names_in_csv(written(kind, contents), encoding)][: len(names)] == shown
    assert [row[0] for row in names_in_workbook(written("xlsx", contents))][: len(names)] == names  # a text cell


def test_no_person_is_in_a_file_of_units(cast, written):
    person, last4 = "欧阳测试人", "9173"
    Organisation.objects.filter(area__startswith=CELL).update(person=person, phone_last4=last4)
    contents = told(LISTS["organisations"], cast.wang)
    assert any("负责人" in text for _label, text in contents.facts)
    for encoding, kind in (("utf-8-sig", "csv"), ("gb18030", "csv-gb")):
        text = written(kind, contents).read_bytes().decode(encoding)
        assert person not in text
        assert last4 not in text


def order(client, code: str, kind: str = "xlsx", asked: str = ""):
    return client.post("/reports/", {"list": code, "kind": kind, "asked": asked}, HTTP_ACCEPT="*/*")


def test_an_order_keeps_what_was_asked_and_no_word_in_the_open(client_of):
    client = client_of("li")
    answer = client.post("/organisations/", {"text": "某某商店", "kind": "shop"})
    query = answer["Location"].partition("?")[2]
    report = Report.objects.get(uuid=order(client, "organisations", asked=query).json()["uuid"])
    assert (report.areas, report.view["needs"], report.view["list"]["asked"]) == (STREET, ["people.read"], "kind=shop")
    assert report.view["list"]["text"]
    assert "某某商店" not in str(report.view)


@pytest.mark.parametrize(
    ("who", "code", "kind", "asked", "status"),
    [
        ("li", "planets", "xlsx", "", 400),
        ("li", "buildings", "exe", "", 400),
        ("li", "buildings", "html", "", 400),
        ("li", "buildings", "csv", "area=%00&q=%00&page=" + "9" * 5000, 201),
        (
            "li",
            "buildings",
            "csv",
            f"area={OTHER_STREET}",
            201,
        ),  # as on the page: what is not the reader's is not asked
        ("he", "organisations", "xlsx", "", 404),
    ],
)
def test_it_refuses_what_it_cannot_make(client_of, who, code, kind, asked, status):
    assert order(client_of(who), code, kind, asked).status_code == status


def test_who_loses_the_cases_cannot_take_the_components_judged_by_them(cast):
    listing, user = LISTS["components"], cast.li
    asked = Asked(QueryDict(""), user.access, user)
    scope = listing.scope(asked)
    report = Report(areas=scope.setting, view={"needs": list(listing.needs), "used": listing.used(asked, scope)})
    assert report.view["used"] == {"incident.read": STREET}
    assert report.is_covered_by(user.access)
    assert not report.is_covered_by(cast.zhao.access) or cast.zhao.access.which("incident.read").covers(STREET)
    assert not report.is_covered_by(cast.chen.access)


def test_districts_have_their_outlines_and_departments_none(db):
    Area.objects.filter(code=DISTRICT).update(geometry=Area.objects.get(code=STREET).geometry)
    parts = [Part(DISTRICT, "顺义", None), Part("7", Department(name="民政局"), None)]
    assert [shape is None for shape in INDICATOR_PARTS.shapes(parts)] == [False, True]


@pytest.mark.parametrize("kind", ["csv", "csv-gb"])
def test_half_an_end_of_line_in_a_name_begins_no_row(cast, written, kind):
    ServicePoint.objects.filter(area__startswith=STREET).update(name="社区站\r=1+1")
    text = written(kind, told(listing_of("service_points"), cast.li)).read_bytes()
    assert '"社区站\r=1+1"'.encode("gb18030" if kind == "csv-gb" else "utf-8") in text


def test_who_was_found_by_words_is_noted_for_a_file_too(client_of):
    client = client_of("li")
    one = Organisation.objects.filter(area__startswith=STREET).exclude(person="").first()
    held = client.post("/organisations/", {"text": one.name}).url.partition("?")[2]
    before = Reading.objects.filter(act="search").count()
    order = {"list": "organisations", "kind": "csv", "asked": held}
    assert client.post("/reports/", order, HTTP_ACCEPT="application/json").status_code in (201, 302)
    assert Reading.objects.filter(act="search").count() > before
