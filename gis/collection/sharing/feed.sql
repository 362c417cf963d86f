-- Where people, homes or what is known of them changed: a row a statement, with the communities it touched. Whoever
-- reads keeps a snapshot and asks for the transactions it did not see (gis/news.py), so nothing is lost between two
-- readings, in whatever order transactions end. Run with the rights of whoever writes: what they may not see they do
-- not change.
CREATE FUNCTION grid_note_shared() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  rows text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT * FROM fresh'
    WHEN 'DELETE' THEN 'SELECT * FROM before'
    ELSE 'SELECT * FROM before UNION ALL SELECT * FROM fresh' END;
BEGIN
  EXECUTE format(
    'INSERT INTO grid_sharechange (transaction, areas)
     SELECT pg_current_xact_id()::text::bigint, jsonb_agg(DISTINCT left(area, 12)) FROM (SELECT r.area FROM (%s) r) found
     HAVING count(*) > 0', rows);
  RETURN NULL;
END $$;

-- A fact lies where its subject is.
CREATE FUNCTION grid_note_shared_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO grid_sharechange (transaction, areas)
     SELECT pg_current_xact_id()::text::bigint, jsonb_agg(DISTINCT left(coalesce(p.area, d.area), 12))
     FROM %I f LEFT JOIN grid_resident p ON p.id = f.resident_id LEFT JOIN grid_dwelling d ON d.id = f.dwelling_id
     WHERE coalesce(p.area, d.area) IS NOT NULL HAVING count(*) > 0',
    CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'fresh' END);
  RETURN NULL;
END $$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['resident', 'residence', 'need', 'dwelling'] LOOP
    EXECUTE format('CREATE TRIGGER note_shared_insert AFTER INSERT ON grid_%s REFERENCING NEW TABLE AS fresh
                    FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared()', name);
    EXECUTE format('CREATE TRIGGER note_shared_update AFTER UPDATE ON grid_%s REFERENCING OLD TABLE AS before
                    NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared()', name);
    EXECUTE format('CREATE TRIGGER note_shared_delete AFTER DELETE ON grid_%s REFERENCING OLD TABLE AS before
                    FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared()', name);
  END LOOP;
END $$;
CREATE TRIGGER note_shared_insert AFTER INSERT ON grid_fact REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared_facts();
CREATE TRIGGER note_shared_update AFTER UPDATE ON grid_fact REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared_facts();
CREATE TRIGGER note_shared_delete AFTER DELETE ON grid_fact REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared_facts();

-- What was decided stays as it was decided.
REVOKE UPDATE, DELETE ON grid_subscriptionstep, grid_sharechange FROM wangge_app;
