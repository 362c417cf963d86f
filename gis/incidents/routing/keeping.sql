-- A table that has begun decided where cases went; what it says then stays told, whoever asks for a change.
CREATE OR REPLACE FUNCTION grid_keep_routing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.table_id ELSE OLD.table_id END;
BEGIN
  IF EXISTS (SELECT FROM grid_routingtable WHERE id = named AND begins <= now()) THEN
    RAISE EXCEPTION 'The rules of a table in force are not changed.' USING HINT = 'Change a draft and publish it.';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER IF EXISTS grid_keep_routing ON grid_routingrule;
CREATE TRIGGER grid_keep_routing BEFORE INSERT OR UPDATE OR DELETE ON grid_routingrule
  FOR EACH ROW EXECUTE FUNCTION grid_keep_routing();
