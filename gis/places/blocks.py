"""Blocks: the buildings of one area drawn together, for zooms at which a single house is a pixel or two.

A block is the closing of the footprints: widened, joined, narrowed again, so that houses less than 30 m apart become
one shape. It is kept per area code, because that is what scope asks for, and made when a map next draws it: a trigger
notes which areas a statement touched, and where. Writers append notes and wait for nobody; of two who make the same
block, the second waits and then makes it from what is there now.
"""

from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.indexes import GistIndex
from django.db import connection, models, transaction

from gis import crs
from gis.columns import CodeField

#: Half the gap that is closed, metres.
CLOSED_M = 15
#: Detail that is dropped, metres: half a pixel of the deepest zoom that shows blocks.
DROPPED_M = 5


class Block(models.Model):
    """The built ground of one area, in the drawing CRS."""

    area = CodeField(max_length=15, primary_key=True)
    drawing = GeometryField(srid=crs.DRAW, spatial_index=False)

    class Meta:
        indexes = [GistIndex(fields=["drawing"], name="block_drawing")]  # tiles


class BlockChange(models.Model):
    """An area some of whose buildings have changed since its block was made, and the window they stand or stood in."""

    area = CodeField(max_length=15)
    touched = GeometryField(srid=crs.DRAW, spatial_index=False)

    class Meta:
        indexes = [GistIndex(fields=["touched"], name="block_change_touched")]  # asked by every tile of blocks


def make_blocks(west: float, south: float, east: float, north: float) -> None:
    """Make what has changed inside a window of the drawing CRS."""
    with connection.cursor() as cursor:
        box = f"ST_MakeEnvelope(%s, %s, %s, %s, {crs.DRAW})"
        cursor.execute(f"SELECT grid_make_blocks({box})", [west, south, east, north])


def make_all_blocks() -> None:
    """Make whatever has changed: after an import, so that nobody who looks has to wait for it."""
    make_blocks(-crs.DRAW_HALF, -crs.DRAW_HALF, crs.DRAW_HALF, crs.DRAW_HALF)


def gather() -> None:
    """One note an area instead of many. Run at every start."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM grid_blockchange WHERE id IN"
            " (SELECT id FROM grid_blockchange FOR UPDATE SKIP LOCKED) RETURNING area, touched)"
            " INSERT INTO grid_blockchange (area, touched)"
            f" SELECT area, ST_SetSRID(ST_Extent(touched)::geometry, {crs.DRAW}) FROM gone GROUP BY area"
        )


def note_all() -> str:
    """SQL that notes every area with buildings: for those that were there before the triggers."""
    return _note("grid_building")


def trigger_sql() -> str:
    """The functions and the triggers. Safe to run again."""
    return "\n".join([_MAKE, _NOTE, *(_trigger(act, rows) for act, rows in _ACTS.items())])


def _note(*tables: str) -> str:
    rows = " UNION ALL ".join(f"SELECT area, drawing FROM {table}" for table in tables)
    return (
        "INSERT INTO grid_blockchange (area, touched)"
        f" SELECT area, ST_SetSRID(ST_Expand(ST_Extent(drawing)::geometry, 1), {crs.DRAW})"
        f" FROM ({rows}) t GROUP BY area;"
    )


_ACTS = {
    "INSERT": "REFERENCING NEW TABLE AS after_rows",
    "UPDATE": "REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "DELETE": "REFERENCING OLD TABLE AS before_rows",
    "TRUNCATE": "",
}
_NOTE = f"""
CREATE OR REPLACE FUNCTION grid_note_blocks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  IF TG_OP = 'INSERT' THEN {_note("after_rows")}
  ELSIF TG_OP = 'UPDATE' THEN {_note("before_rows", "after_rows")}
  ELSIF TG_OP = 'DELETE' THEN {_note("before_rows")}
  ELSE DELETE FROM grid_block; DELETE FROM grid_blockchange;
  END IF;
  RETURN NULL;
END $$;"""

# Metres of the drawing CRS are cosh(y / R) times those on the ground (spherical Mercator).
_METRE = f"cosh(ST_YMin(drawing) / {crs.DRAW_RADIUS})"
_CORNERS = "'join=mitre mitre_limit=3 quad_segs=1'"
# House by house and then joined: a third of the time of one buffer round all of them.
_WIDENED = f"ST_Buffer(ST_Simplify(drawing, {DROPPED_M} * metre, true), {CLOSED_M} * metre, {_CORNERS})"
_NARROWED = f"ST_Simplify(ST_Buffer(widened, -{CLOSED_M} * metre, {_CORNERS}), {DROPPED_M} * metre, true)"
_MADE = f"""
SELECT area, ST_ForcePolygonCW({_NARROWED}) AS shape FROM (
  SELECT area, min(metre) AS metre, ST_UnaryUnion(ST_Collect({_WIDENED})) AS widened
  FROM (SELECT area, drawing, {_METRE} AS metre FROM grid_building WHERE area = ANY(changed)) house GROUP BY area
) block"""
_MAKE = f"""
CREATE OR REPLACE FUNCTION grid_make_blocks(box geometry) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
  changed text[];
  nothing geometry := ST_SetSRID('GEOMETRYCOLLECTION EMPTY'::geometry, {crs.DRAW});
BEGIN
  WITH gone AS (DELETE FROM grid_blockchange WHERE touched && box RETURNING area)
  SELECT array_agg(DISTINCT area ORDER BY area) INTO changed FROM gone;
  IF changed IS NULL THEN RETURN; END IF;
  -- Whoever else makes one of these goes first: only the statement after the lock reads the buildings.
  INSERT INTO grid_block (area, drawing) SELECT area, nothing FROM unnest(changed) area ON CONFLICT DO NOTHING;
  PERFORM FROM grid_block WHERE area = ANY(changed) ORDER BY area FOR UPDATE;
  UPDATE grid_block b SET drawing = coalesce(made.shape, nothing)
  FROM unnest(changed) one LEFT JOIN ({_MADE}) made ON made.area = one
  WHERE b.area = one;
END $$;"""


def _trigger(act: str, rows: str) -> str:
    name = f"grid_note_blocks_{act.lower()}"
    return (
        f"DROP TRIGGER IF EXISTS {name} ON grid_building;\n"
        f"CREATE TRIGGER {name} AFTER {act} ON grid_building {rows}"
        " FOR EACH STATEMENT EXECUTE FUNCTION grid_note_blocks();"
    )
