-- A fact or a correction is shown where its subject is: what is known of a person moves with them, and nothing drifts
-- when cells are redrawn. Each subject is found by its key; a person or a household out of scope is not there at all,
-- by the policy of its own table, which holds inside this one: asked once more here it cost half of a writing.
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS in_scope ON {table};
CREATE POLICY in_scope ON {table} USING (
  (SELECT current_setting('app.scope', true) ~ '^[0-9]{2,15}(,[0-9]{2,15})*$')
  AND CASE
    WHEN resident_id IS NOT NULL THEN EXISTS (SELECT FROM grid_resident r WHERE r.id = resident_id)
    WHEN household_id IS NOT NULL THEN EXISTS (SELECT FROM grid_household h WHERE h.id = household_id)
    WHEN dwelling_id IS NOT NULL THEN
      EXISTS (SELECT FROM grid_dwelling d WHERE d.id = dwelling_id AND grid_in_scope(d.area))
    ELSE EXISTS (SELECT FROM grid_building b WHERE b.id = building_id AND grid_in_scope(b.area))
  END);
DO $$ BEGIN
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) THEN
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
  END IF;
END $$;
