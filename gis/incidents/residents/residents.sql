-- A name and a phone belong where the incident lies, like its photos: found by its key, so that nothing drifts when
-- cells are redrawn.
ALTER TABLE grid_reporter ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON grid_reporter USING (
  (SELECT current_setting('app.scope', true) ~ '^[0-9]{2,15}(,[0-9]{2,15})*$')
  AND EXISTS (SELECT FROM grid_incident i WHERE i.id = incident_id AND grid_in_scope(i.area)));
DO $$ BEGIN
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) THEN
    ALTER TABLE grid_reporter FORCE ROW LEVEL SECURITY;
  END IF;
END $$;
-- A name may be forgotten, never rewritten into another's; what was said of an outcome stands.
REVOKE DELETE ON grid_reporter FROM wangge_app;
REVOKE UPDATE, DELETE ON grid_follow, grid_rating FROM wangge_app;
