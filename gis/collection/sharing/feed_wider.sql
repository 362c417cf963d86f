-- Households and units are followed too, and what is known of a household lies where the household is.
CREATE OR REPLACE FUNCTION grid_note_shared_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO grid_sharechange (transaction, areas)
     SELECT pg_current_xact_id()::text::bigint, jsonb_agg(DISTINCT left(coalesce(p.area, h.area, d.area), 12))
     FROM %I f LEFT JOIN grid_resident p ON p.id = f.resident_id LEFT JOIN grid_household h ON h.id = f.household_id
       LEFT JOIN grid_dwelling d ON d.id = f.dwelling_id
     WHERE coalesce(p.area, h.area, d.area) IS NOT NULL HAVING count(*) > 0',
    CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'fresh' END);
  RETURN NULL;
END $$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['household', 'organisation'] LOOP
    EXECUTE format('CREATE TRIGGER note_shared_insert AFTER INSERT ON grid_%s REFERENCING NEW TABLE AS fresh
                    FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared()', name);
    EXECUTE format('CREATE TRIGGER note_shared_update AFTER UPDATE ON grid_%s REFERENCING OLD TABLE AS before
                    NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared()', name);
    EXECUTE format('CREATE TRIGGER note_shared_delete AFTER DELETE ON grid_%s REFERENCING OLD TABLE AS before
                    FOR EACH STATEMENT EXECUTE FUNCTION grid_note_shared()', name);
  END LOOP;
END $$;
