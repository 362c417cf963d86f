-- A photo shows more than was meant, so the database hides it from whoever may not see the area of its incident. The
-- incident is found by its key, so the policy costs one look-up a row, and it never drifts when cells are redrawn.
ALTER TABLE grid_attachment ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON grid_attachment USING (
  (SELECT current_setting('app.scope', true) ~ '^[0-9]{2,15}(,[0-9]{2,15})*$')
  AND EXISTS (SELECT FROM grid_incident i WHERE i.id = incident_id AND grid_in_scope(i.area)));
DO $$ BEGIN
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) THEN
    ALTER TABLE grid_attachment FORCE ROW LEVEL SECURITY;
  END IF;
END $$;
-- What came in is appended, never rewritten.
REVOKE UPDATE, DELETE ON grid_attachment FROM wangge_app;

-- The running part of an incident's number. Gaps are meant: a lock that leaves none would queue every report.
CREATE SEQUENCE grid_incident_number;
GRANT USAGE, SELECT ON SEQUENCE grid_incident_number TO wangge_app;
