-- When people are to be visited: `grid_visitdue` kept as needs, stays, visits, withdrawals and intervals change.
--
-- Under one need a person is due `interval` days after the later of its start and the day they were last met (or said
-- that they want no visit); under several, on the first of these days. So the shortest interval decides, and a need
-- that is new since the last visit counts from its own start. Calls at which nobody answered move nothing.
-- Only who lives here counts: the stay is living and open. A need ends on a day: one row for each stretch of days in
-- which the same needs are in force, so that what is read at a date is right at that date.

CREATE OR REPLACE FUNCTION grid_visit_interval(details jsonb) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- What an administrator typed: a whole number of days from 1 to 3650, or no visits at all.
  SELECT CASE WHEN details ->> 'default_visit_interval_days' ~ '^[0-9]{1,4}$'
    THEN nullif(least((details ->> 'default_visit_interval_days')::int, 3650), 0) END
$$;

-- With the rights of whoever calls it: of the triggers' owner, below. Nobody else may write what it writes.
CREATE OR REPLACE FUNCTION grid_keep_due(people bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = public, pg_temp
-- Each part below is of these people alone. Where nobody has counted the tables yet (a new town, a restored database, a
-- first import) each is taken for a row or two, and pairing them by loops takes a minute for ten thousand people.
SET enable_nestloop = off AS $$
BEGIN
  people := ARRAY(SELECT resident_id FROM grid_need WHERE resident_id = ANY(people)
                  UNION SELECT resident_id FROM grid_visitdue WHERE resident_id = ANY(people));
  IF cardinality(people) = 0 THEN RETURN; END IF;
  -- Two writers of one person come one after the other, and the later one sees what the earlier one wrote.
  PERFORM FROM grid_resident WHERE id = ANY(people) ORDER BY id FOR NO KEY UPDATE;
  WITH called AS (
    SELECT v.resident_id AS person, max(v.day) FILTER (WHERE v.outcome IN ('met', 'refused')) AS met,
      max(v.day) FILTER (WHERE v.outcome = 'no_answer') AS tried
    FROM grid_visit v WHERE v.resident_id = ANY(people)
      -- Looked up visit by visit, never by reading all that were ever withdrawn.
      AND (SELECT w.visit_id FROM grid_visitwithdrawal w WHERE w.visit_id = v.id) IS NULL
    GROUP BY v.resident_id
  ), need AS (
    SELECT n.resident_id AS person, coalesce(n.ends, '9999-12-31') AS until,
      greatest(n.starts, c.met) + grid_visit_interval(k.details) AS due
    FROM grid_need n JOIN grid_code k ON k."table" = 'service_need' AND k.code = n.tag
    LEFT JOIN called c ON c.person = n.resident_id
    WHERE n.resident_id = ANY(people) AND grid_visit_interval(k.details) IS NOT NULL
      AND (n.ends IS NULL OR n.ends > current_date - 2)  -- no need of the past; "today" differs by zone
  ), stretch AS (
    SELECT person, until, min(min(due)) OVER (PARTITION BY person ORDER BY until DESC) AS due,
      coalesce(lag(until) OVER (PARTITION BY person ORDER BY until), '0001-01-01') AS since
    FROM need GROUP BY person, until
  ), wanted AS (
    SELECT t.person, s.dwelling_id, s.area, t.since, t.until, t.due, c.met,
      CASE WHEN c.met IS NULL OR c.tried >= c.met THEN c.tried END AS tried
    FROM stretch t
    JOIN grid_residence s ON s.resident_id = t.person AND s.resident_id = ANY(people)
      AND s.kind = 'living' AND s.ends IS NULL
    LEFT JOIN called c ON c.person = t.person
  ), gone AS (
    DELETE FROM grid_visitdue d WHERE d.resident_id = ANY(people)
      AND NOT EXISTS (SELECT FROM wanted w WHERE w.person = d.resident_id AND w.until = d.until)
  )
  INSERT INTO grid_visitdue AS d (resident_id, dwelling_id, area, since, until, due_on, met_on, tried_on)
  SELECT * FROM wanted ORDER BY person, until
  ON CONFLICT (resident_id, until) DO UPDATE SET dwelling_id = excluded.dwelling_id, area = excluded.area,
    since = excluded.since, due_on = excluded.due_on, met_on = excluded.met_on, tried_on = excluded.tried_on
  WHERE (d.dwelling_id, d.area, d.since, d.due_on, d.met_on, d.tried_on) IS DISTINCT FROM
    (excluded.dwelling_id, excluded.area, excluded.since, excluded.due_on, excluded.met_on, excluded.tried_on);
END $$;

-- One function for every table that names a person: which rows were touched is the trigger's to say.
CREATE OR REPLACE FUNCTION grid_due_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  PERFORM grid_keep_due(ARRAY(SELECT DISTINCT resident_id FROM after_rows WHERE resident_id IS NOT NULL));
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION grid_due_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  PERFORM grid_keep_due(ARRAY(SELECT DISTINCT resident_id FROM before_rows WHERE resident_id IS NOT NULL));
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION grid_due_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  PERFORM grid_keep_due(ARRAY(
    SELECT resident_id FROM after_rows WHERE resident_id IS NOT NULL
    UNION SELECT resident_id FROM before_rows WHERE resident_id IS NOT NULL));
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION grid_due_withdrawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  PERFORM grid_keep_due(ARRAY(
    SELECT DISTINCT v.resident_id FROM after_rows w JOIN grid_visit v ON v.id = w.visit_id
    WHERE v.resident_id IS NOT NULL));
  RETURN NULL;
END $$;
-- An interval that an administrator changed.
CREATE OR REPLACE FUNCTION grid_due_interval() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  PERFORM grid_keep_due(ARRAY(
    SELECT DISTINCT n.resident_id FROM after_rows a JOIN before_rows b ON b.id = a.id
    JOIN grid_need n ON n.tag IN (a.code, b.code)
    WHERE a."table" = 'service_need'
      AND grid_visit_interval(a.details) IS DISTINCT FROM grid_visit_interval(b.details)));
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION grid_due_tag_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$ BEGIN
  PERFORM grid_keep_due(ARRAY(
    SELECT DISTINCT n.resident_id FROM after_rows a JOIN grid_need n ON n.tag = a.code
    WHERE a."table" = 'service_need'));
  RETURN NULL;
END $$;

DO $$
DECLARE
  at text;
BEGIN
  FOREACH at IN ARRAY ARRAY['grid_need', 'grid_residence', 'grid_visit'] LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS due_added ON %1$s; CREATE TRIGGER due_added AFTER INSERT ON %1$s
      REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION grid_due_added()', at);
    EXECUTE format('DROP TRIGGER IF EXISTS due_removed ON %1$s; CREATE TRIGGER due_removed AFTER DELETE ON %1$s
      REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION grid_due_removed()', at);
    EXECUTE format('DROP TRIGGER IF EXISTS due_changed ON %1$s; CREATE TRIGGER due_changed AFTER UPDATE ON %1$s
      REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
      FOR EACH STATEMENT EXECUTE FUNCTION grid_due_changed()', at);
  END LOOP;
END $$;
DROP TRIGGER IF EXISTS due_withdrawn ON grid_visitwithdrawal;
CREATE TRIGGER due_withdrawn AFTER INSERT ON grid_visitwithdrawal
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION grid_due_withdrawn();
DROP TRIGGER IF EXISTS due_interval ON grid_code;
CREATE TRIGGER due_interval AFTER UPDATE ON grid_code
  REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
  FOR EACH STATEMENT EXECUTE FUNCTION grid_due_interval();
DROP TRIGGER IF EXISTS due_tag_added ON grid_code;
CREATE TRIGGER due_tag_added AFTER INSERT ON grid_code
  REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION grid_due_tag_added();
