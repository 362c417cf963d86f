-- Of a person a table tells several facts at once: where somebody is, is looked up once.
CREATE OR REPLACE FUNCTION grid_note_shared_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'INSERT INTO grid_sharechange (transaction, areas)
     SELECT pg_current_xact_id()::text::bigint, jsonb_agg(DISTINCT left(coalesce(p.area, h.area, d.area), 12))
     FROM (SELECT DISTINCT resident_id, household_id, dwelling_id FROM %I) f
       LEFT JOIN grid_resident p ON p.id = f.resident_id LEFT JOIN grid_household h ON h.id = f.household_id
       LEFT JOIN grid_dwelling d ON d.id = f.dwelling_id
     WHERE coalesce(p.area, h.area, d.area) IS NOT NULL HAVING count(*) > 0',
    CASE TG_OP WHEN 'DELETE' THEN 'before' ELSE 'fresh' END);
  RETURN NULL;
END $$;
