-- The log of readings is only added to, but for what its keeping asks of the owner: rows older than its own term go, and
-- hashes made by a key that is gone are hashed once more. Requests have no right to either.
CREATE OR REPLACE FUNCTION grid_reading_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.keeping', true) = 'reading' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'What was read of people is only ever added to.';
END $$;

-- What was asked is kept with the number of its key in front.
ALTER TABLE grid_reading DISABLE TRIGGER stays;
UPDATE grid_reading SET asked = '\x01'::bytea || asked WHERE length(asked) = 16;
ALTER TABLE grid_reading ENABLE TRIGGER stays;
