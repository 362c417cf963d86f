-- Mediation is shown to nobody unless it is opened: gis/incidents/mediation/opening.py sets `app.disputes` inside a
-- transaction, to one case ('case:17') or to areas, after asking whether somebody may. A view that forgets shows nothing,
-- in whatever scope it runs. Anything but those two forms opens nothing.
CREATE OR REPLACE FUNCTION grid_dispute_is_open(incident bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN current_setting('app.disputes', true) ~ '^case:[0-9]{1,18}$'
      THEN incident = substr(current_setting('app.disputes', true), 6)::bigint
    WHEN current_setting('app.disputes', true) ~ '^[0-9]{2,15}(,[0-9]{2,15})*$'
      THEN EXISTS (
        SELECT FROM grid_incident i, unnest(string_to_array(current_setting('app.disputes', true), ',')) AS code
        WHERE i.id = incident AND i.area COLLATE "C" >= code AND i.area COLLATE "C" < code || ':')
    ELSE false END
$$;

ALTER TABLE grid_dispute ENABLE ROW LEVEL SECURITY;
CREATE POLICY opened ON grid_dispute USING (grid_dispute_is_open(incident_id));
-- What belongs to a record is open when the record is: the look-up obeys the record's own policy.
ALTER TABLE grid_disputeparty ENABLE ROW LEVEL SECURITY;
CREATE POLICY opened ON grid_disputeparty USING (EXISTS (SELECT FROM grid_dispute d WHERE d.id = dispute_id));
ALTER TABLE grid_disputemeeting ENABLE ROW LEVEL SECURITY;
CREATE POLICY opened ON grid_disputemeeting USING (EXISTS (SELECT FROM grid_dispute d WHERE d.id = dispute_id));
ALTER TABLE grid_disputelook ENABLE ROW LEVEL SECURITY;
CREATE POLICY opened ON grid_disputelook USING (EXISTS (SELECT FROM grid_dispute d WHERE d.id = dispute_id));
DO $$ BEGIN
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) THEN
    ALTER TABLE grid_dispute FORCE ROW LEVEL SECURITY;
    ALTER TABLE grid_disputeparty FORCE ROW LEVEL SECURITY;
    ALTER TABLE grid_disputemeeting FORCE ROW LEVEL SECURITY;
    ALTER TABLE grid_disputelook FORCE ROW LEVEL SECURITY;
  END IF;
END $$;
-- What was said at a sitting, and who has looked, stays told.
REVOKE UPDATE, DELETE ON grid_disputemeeting, grid_disputelook FROM wangge_app;
REVOKE DELETE ON grid_dispute FROM wangge_app;
