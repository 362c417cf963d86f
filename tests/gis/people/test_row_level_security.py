"""The second wall, attacked: what PostgreSQL itself shows of personal tables, whatever a view forgets."""

import threading
from contextlib import suppress

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import StreamingHttpResponse

from gis.accounts.scope import RUNTIME_ROLE, Scope, applied
from gis.models import Resident
from tests.browsing import as_server
from tests.cast import CELL, COMMUNITY, DISTRICT, OTHER_STREET, STREET
from tests.databases import address_of

PERSONAL = [
    "grid_resident",
    "grid_residence",
    "grid_household",
    "grid_need",
    "grid_doornote",
    "grid_visit",
    "grid_visitwithdrawal",
    "grid_visitdue",
    "grid_neighbour",
    "grid_reading",
    "grid_lifeevent",
    "grid_lifeeventwithdrawal",
    "grid_organisation",
    "grid_organisationcheck",
    "grid_correction",
    "grid_sharedrow",
]


@pytest.fixture
def people(db: None) -> None:
    """Two people in each of three places, beside the town's."""
    places = (CELL, COMMUNITY, f"{OTHER_STREET}001001")
    Resident.objects.bulk_create(Resident(name=f"甲{n}", area=place) for place in places for n in range(2))


def seen(setting: str | None) -> set[str]:
    """The areas of the residents that the runtime login sees under a setting."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {RUNTIME_ROLE}")
        if setting is not None:
            cursor.execute("SELECT set_config('app.scope', %s, true)", [setting])
        cursor.execute("SELECT area FROM grid_resident")
        areas = {area for (area,) in cursor.fetchall()}
        transaction.set_rollback(True)
    return areas


@pytest.mark.parametrize("table", PERSONAL)
def test_it_is_enabled_and_forced_on(table, db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [table])
        assert cursor.fetchone() == (True, True)


def test_every_table_that_points_at_a_resident_has_it(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
            " WHERE c.contype = 'f' AND c.confrelid = 'grid_resident'::regclass AND NOT t.relrowsecurity"
        )
        assert cursor.fetchall() == []


def test_the_runtime_login_cannot_step_over_it(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = %s", [RUNTIME_ROLE])
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [RUNTIME_ROLE])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "hostile",
    [
        None, "", ":", "1", "%", "11%", "_" * 9, "*", ",", ",110113001", "110113001,", "110113001,,110113002", " ",
        "110113001 ", "110113001\n", "110113001\n110113002", "110113001:", "110113001 OR true", "1' OR '1'='1",
        "１１０１１３００１", "null", "-1", "1101130010060010", "110113002,110113001", "{110113001}",
    ],
)  # fmt: skip
def test_it_shows_nobody_under_a_scope_that_is_none(hostile, people):
    assert seen(hostile) == set()


def test_it_shows_exactly_the_area_of_the_scope(people):
    assert all(area.startswith(STREET) for area in seen(STREET))
    assert {CELL, COMMUNITY} <= seen(STREET)
    assert seen(CELL) == {CELL}
    assert f"{OTHER_STREET}001001" in seen(OTHER_STREET)
    assert {CELL, f"{OTHER_STREET}001001"} <= seen(DISTRICT)


def test_it_shows_exactly_the_areas_of_several_scopes(people):
    both = Scope.of([f"{OTHER_STREET}001001", CELL])
    assert seen(both.setting) == {CELL, f"{OTHER_STREET}001001"}


def test_it_does_not_take_a_neighbour_whose_code_begins_alike(db):
    Resident.objects.create(name="甲", area="110113003001")
    assert seen("11011300") >= {"110113003001"}
    assert seen("110113003001001") == set()
    assert seen("110113003") == {"110113003001"}


def test_it_ends_with_the_transaction(own_town):
    with applied(Scope.of([STREET])):
        assert Resident.objects.exists()
    with as_server():
        assert not Resident.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.scope', true)")
            assert cursor.fetchone()[0] == ""


def test_it_ends_with_its_block_inside_another_transaction(people):
    with applied(Scope.of([STREET])):
        with applied(Scope.of([OTHER_STREET])):
            assert not Resident.objects.filter(area=CELL).exists()
        assert Resident.objects.filter(area=CELL).exists()
        assert not Resident.objects.filter(area__startswith=OTHER_STREET).exists()


def test_it_ends_with_a_block_that_fails(people):
    with applied(Scope.of([OTHER_STREET])):
        with pytest.raises(ZeroDivisionError), applied(Scope.of([DISTRICT])):
            _ = 1 / 0
        assert not Resident.objects.filter(area=CELL).exists()


@pytest.mark.parametrize("area", [CELL, "", "%", "11", DISTRICT, "110113001:"])
def test_it_refuses_to_insert_outside_the_scope(area, people):
    with pytest.raises(ProgrammingError, match="row-level security"), applied(Scope.of([OTHER_STREET])):
        Resident.objects.create(name="乙", area=area)


def test_it_refuses_to_move_a_person_out_of_the_scope(people):
    with pytest.raises(ProgrammingError, match="row-level security"), applied(Scope.of([COMMUNITY])):
        Resident.objects.filter(area=CELL).update(area=f"{OTHER_STREET}001001")


def test_it_neither_changes_nor_deletes_beyond_the_scope(people):
    with applied(Scope.of([OTHER_STREET])):
        assert Resident.objects.filter(area=CELL).update(name="乙") == 0
        assert Resident.objects.filter(area=CELL)._raw_delete(connection.alias) == 0
    assert Resident.objects.filter(area=CELL, name="甲0").exists()


def test_it_guards_a_join_from_a_table_that_is_not_personal(people):
    with applied(Scope.of([OTHER_STREET])), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT s.area FROM grid_dwelling d JOIN grid_residence s ON s.dwelling_id = d.id")
        assert all(area.startswith(OTHER_STREET) for (area,) in cursor.fetchall())


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE grid_resident DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE grid_resident NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY in_scope ON grid_resident",
        "CREATE POLICY all_of_it ON grid_resident USING (true)",
        "TRUNCATE grid_resident CASCADE",
        "SET LOCAL ROLE wangge",
        "ALTER ROLE wangge_app BYPASSRLS",
        "CREATE OR REPLACE FUNCTION grid_in_scope(area text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "COPY grid_resident TO PROGRAM 'cat'",
        "UPDATE grid_step SET note = ''",
        "DELETE FROM grid_step",
        "UPDATE django_admin_log SET change_message = ''",
        "DELETE FROM django_admin_log",
    ],
)
def test_the_runtime_login_may_not(statement, own_town):
    """Asked on a connection that signed in as the runtime login: who only took its role may lay it down again."""
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(address_of(own_town, RUNTIME_ROLE)) as own, refused:
        own.execute(statement)


def test_no_view_in_sql_reads_around_it(db):
    """A plain view reads with its owner's rights and so around the policy: none of ours may name a personal table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT view_name FROM information_schema.view_table_usage WHERE table_name = ANY(%s)", [PERSONAL]
        )
        assert cursor.fetchall() == []


def test_no_function_with_the_owners_rights_can_be_called_or_led_astray(db):
    """Those that keep figures are triggers, which nobody calls, and look names up where the caller cannot write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prorettype::regtype::text, proconfig FROM pg_proc WHERE prosecdef AND proname ~ '^grid_'"
        )
        for name, returns, settings in cursor.fetchall():
            assert returns == "trigger", name
            assert settings == ["search_path=public, pg_temp"], name
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [RUNTIME_ROLE])
        assert cursor.fetchone() == (False,)


def test_a_pooled_connection_carries_nothing_to_the_next_request(own_town):
    from psycopg_pool import ConnectionPool

    with ConnectionPool(address_of(own_town, RUNTIME_ROLE), min_size=1, max_size=1, open=True) as pool:
        with pool.connection() as first, first.transaction():
            first.execute("SELECT set_config('app.scope', %s, true)", [STREET])
            assert first.execute("SELECT count(*) FROM grid_resident").fetchone()[0] > 0
        with pool.connection() as second:
            assert second is first
            assert second.execute("SELECT count(*) FROM grid_resident").fetchone()[0] == 0
        with suppress(ZeroDivisionError), pool.connection() as third, third.transaction():
            third.execute("SELECT set_config('app.scope', %s, true)", [STREET])
            _ = 1 / 0
        with pool.connection() as fourth:
            assert fourth.execute("SELECT count(*) FROM grid_resident").fetchone()[0] == 0


def test_a_stream_that_outlives_its_view_sees_nobody(people):
    """A generator runs after the view's transaction: it must open its own scope, and sees no one if it forgot."""
    with applied(Scope.of([STREET])):
        answer = StreamingHttpResponse(f"{row.name}\n" for row in Resident.objects.all().iterator())
    with as_server():
        assert b"".join(answer.streaming_content) == b""


def test_another_thread_does_not_inherit_the_scope(own_town):
    counts = []

    def count() -> None:
        try:
            with as_server():
                counts.append(Resident.objects.count())
        finally:
            connection.close()

    with applied(Scope.of([STREET])):
        assert Resident.objects.exists()
        thread = threading.Thread(target=count)
        thread.start()
        thread.join()
    assert counts == [0]


def plan_of(query: str, setting: str) -> str:
    with applied(Scope.of(setting.split(","))), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (COSTS OFF) {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture
def crowd(db: None) -> None:
    """30,000 people over 300 cells, as the planner sees a street, written where it costs least."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO grid_resident (name, sex, population, document, identity_last4, phone_last4, area, source,"
            " source_code, updated_at) SELECT '甲', '0', 'registered', '111', '', '',"
            " '110113' || lpad((200 + n / 10000)::text, 3, '0') || lpad((n / 1000 % 10)::text, 3, '0')"
            " || lpad((n / 100 % 10)::text, 3, '0'), 'crowd', n::text, now() FROM generate_series(0, 29999) n"
        )
        cursor.execute("ANALYZE grid_resident")


@pytest.mark.parametrize("setting", ["110113200003", "110113200003001", "110113200001001,110113200001004"])
def test_it_is_answered_from_the_index(setting, crowd):
    plan = plan_of("SELECT count(*) FROM grid_resident", setting)
    assert "using resident_by_area" in plan
    assert "Index Cond: ((area >= split_part" in plan
    assert "Seq Scan" not in plan


def test_it_counts_under_several_areas_what_the_query_would(crowd):
    scope = Scope.of(["110113200001001", "110113200001004", "110113201"])
    expected = Resident.objects.inside(scope).count()
    with applied(scope):
        assert Resident.objects.count() == expected == 10200
