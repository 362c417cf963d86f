-- What was decided about a category stays told. A change that has not begun may be withdrawn, which is written down too.
REVOKE UPDATE, DELETE ON grid_categorychange FROM wangge_app;
GRANT UPDATE (withdrawn_at, withdrawn_by_id) ON grid_categorychange TO wangge_app;

CREATE OR REPLACE FUNCTION grid_keep_category_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.category_id, NEW.since, NEW.sets, NEW.reason, NEW.origin, NEW.made_by_id, NEW.made_at)
     IS DISTINCT FROM (OLD.category_id, OLD.since, OLD.sets, OLD.reason, OLD.origin, OLD.made_by_id, OLD.made_at)
     OR OLD.withdrawn_at IS NOT NULL THEN
    RAISE EXCEPTION 'A change of a category is never rewritten.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON grid_categorychange FOR EACH ROW EXECUTE FUNCTION grid_keep_category_change();

-- One field of a category at a moment, for SQL that tells of a case; `today` is the column. gis.incidents.category.Category.at
-- is the same in Python, and a test holds the two together.
CREATE OR REPLACE FUNCTION grid_category_at(log jsonb, field text, today text, moment timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN log = '[]' THEN today ELSE coalesce((
    SELECT entry -> 1 ->> field FROM jsonb_array_elements(log) WITH ORDINALITY AS logged (entry, place)
    WHERE (entry ->> 0)::timestamptz <= moment AND entry -> 1 ? field ORDER BY place DESC LIMIT 1), today) END
$$;
