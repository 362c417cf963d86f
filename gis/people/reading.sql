-- What was read stays written: requests have no right to change it, and whoever has the owner's rights meets the trigger.
REVOKE UPDATE, DELETE ON grid_reading FROM wangge_app;

CREATE FUNCTION grid_reading_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'What was read of people is only ever added to.';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON grid_reading FOR EACH STATEMENT EXECUTE FUNCTION grid_reading_stays();
