-- A correction is shown where its subject is, like a fact.
ALTER TABLE grid_correction ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON grid_correction USING (
  (SELECT current_setting('app.scope', true) ~ '^[0-9]{2,15}(,[0-9]{2,15})*$')
  AND CASE
    WHEN resident_id IS NOT NULL THEN
      EXISTS (SELECT FROM grid_resident r WHERE r.id = resident_id AND grid_in_scope(r.area))
    WHEN household_id IS NOT NULL THEN
      EXISTS (SELECT FROM grid_household h WHERE h.id = household_id AND grid_in_scope(h.area))
    WHEN dwelling_id IS NOT NULL THEN
      EXISTS (SELECT FROM grid_dwelling d WHERE d.id = dwelling_id AND grid_in_scope(d.area))
    ELSE EXISTS (SELECT FROM grid_building b WHERE b.id = building_id AND grid_in_scope(b.area))
  END);
DO $$ BEGIN
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) THEN
    ALTER TABLE grid_correction FORCE ROW LEVEL SECURITY;
  END IF;
END $$;
-- What was said stays as it was said; a request writes the decision beside it and nothing else.
REVOKE UPDATE, DELETE ON grid_correction FROM wangge_app;
GRANT UPDATE (state, decided_by_id, decided_at, reason, held_id) ON grid_correction TO wangge_app;
