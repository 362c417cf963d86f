"""How names sound, in the database and as they are typed."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gis.models import Resident
from gis.people.sounding import initials_of, sounds_of

pytestmark = pytest.mark.django_db


def kept(name: str) -> dict[str, str]:
    person = Resident.objects.create(name=name, area="110113001006")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sounds, skip1, skip2, skip3, skip4, initials FROM grid_resident WHERE id = %s", [person.pk]
        )
        return dict(zip(("sounds", "skip1", "skip2", "skip3", "skip4", "initials"), cursor.fetchone(), strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [("张伟", "章炜"), ("张伟", "zhangwei"), ("张伟", "ZHANG WEI"), ("张伟", "张wei"), ("曾力", "zengli"),
     ("洗星", "xianxing"), ("吕布", "lv bu"), ("陈静", "岑金"), ("李娜", "li na"),
     ("西安", "xi'an"), ("买买提·阿里", "买买提阿里")],
)  # fmt: skip
def test_it_hears_them_alike(one, other):
    assert sounds_of(one) == sounds_of(other)


@pytest.mark.parametrize(("one", "other"), [("张伟", "张明"), ("张伟", "张"), ("xian", "xi an")])
def test_it_tells_them_apart(one, other):
    assert sounds_of(one) != sounds_of(other)


@pytest.mark.parametrize("name", ["张伟", "欧阳娜娜", "买买提·阿里", "John Smith", "王 二", "李（小）明", "丶", "㐂一"])
def test_the_database_hears_what_is_typed(name):
    assert kept(name)["sounds"] == sounds_of(name)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8))
def test_they_agree_on_any_name(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT grid_sounds(%s)", [name])
        assert cursor.fetchone()[0] == sounds_of(name)


def test_it_keeps_what_is_left_without_each_sign():
    found, sounds = kept("张伟明"), sounds_of("张伟明")
    assert (found["skip1"], found["skip2"], found["skip3"], found["skip4"]) == (
        sounds[1:], sounds[0] + sounds[2], sounds[:2], None,
    )  # fmt: skip


def test_it_keeps_the_halves_of_a_long_name():
    found, sounds = kept("古丽巴哈尔"), sounds_of("古丽巴哈尔")
    assert (found["skip1"], found["skip2"]) == ("<" + sounds[:2], ">" + sounds[2:])


def test_it_keeps_the_initials():
    assert kept("张伟明")["initials"] == initials_of("zwm") == "zwm"
    assert kept("宁娜")["initials"] == initials_of("NN")


def test_it_follows_a_changed_name():
    person = Resident.objects.create(name="张伟", area="110113001006")
    Resident.objects.filter(pk=person.pk).update(name="李娜")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sounds FROM grid_resident WHERE id = %s", [person.pk])
        assert cursor.fetchone()[0] == sounds_of("李娜")


def test_nobody_tells_it_other_sounds():
    person = Resident.objects.create(name="张伟", area="110113001006")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grid_resident SET sounds = 'x' WHERE id = %s RETURNING sounds", [person.pk])
        assert cursor.fetchone()[0] == sounds_of("张伟")


def test_it_reads_no_whole_table_for_a_name_before_anybody_has_counted_it():
    with connection.cursor() as cursor:
        # Nobody counts a table of a session's own: it stands as in a new database.
        cursor.execute("CREATE TEMP TABLE grid_sign (LIKE public.grid_sign INCLUDING ALL) ON COMMIT DROP")
        cursor.execute("INSERT INTO pg_temp.grid_sign SELECT * FROM public.grid_sign")
        scans = "SELECT seq_scan FROM pg_stat_xact_all_tables WHERE relid = 'pg_temp.grid_sign'::regclass"
        cursor.execute(scans)
        before = cursor.fetchone()[0]
        Resident.objects.create(name="张伟明", area="110113001006")
        cursor.execute(scans)
        assert cursor.fetchone()[0] == before
