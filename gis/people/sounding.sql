-- How names sound, kept beside them, so that a name is found by what people type: a homophone, a wrong sign, pinyin,
-- initials. A name in clear already says all this; nothing here tells more.
--
-- Every column is compared by `=` or a range alone: those operators are leakproof, so under row-level security their
-- index is used. An operator that is not (&&, @>, %, LIKE) is asked only of rows the policy has let through, which
-- makes its index useless: trigrams or an array of them would read every row of the scope.

-- One sound a sign: the first of the signs that sound alike, z and zh, n and ng, n and l taken for one.
CREATE TABLE grid_sign (
  sign text COLLATE "C" PRIMARY KEY,
  sound text COLLATE "C" NOT NULL
);
GRANT SELECT ON grid_sign TO wangge_app;
REVOKE INSERT, UPDATE, DELETE ON grid_sign FROM wangge_app;

ALTER TABLE grid_resident ADD COLUMN sounds text COLLATE "C";
UPDATE grid_resident SET sounds = grid_sounds(name);

-- What is left of two to four sounds without the first, the second and so on: two names that differ in one sign, or by
-- one, share one of these. Of longer names the halves: one error leaves the other whole.
ALTER TABLE grid_resident
  ADD COLUMN skip1 text COLLATE "C" GENERATED ALWAYS AS (CASE
    WHEN length(sounds) BETWEEN 2 AND 4 THEN substr(sounds, 2)
    WHEN length(sounds) > 4 THEN '<' || left(sounds, length(sounds) / 2) END) STORED,
  ADD COLUMN skip2 text COLLATE "C" GENERATED ALWAYS AS (CASE
    WHEN length(sounds) BETWEEN 2 AND 4 THEN left(sounds, 1) || substr(sounds, 3)
    WHEN length(sounds) > 4 THEN '>' || substr(sounds, length(sounds) / 2 + 1) END) STORED,
  ADD COLUMN skip3 text COLLATE "C" GENERATED ALWAYS AS (CASE
    WHEN length(sounds) BETWEEN 3 AND 4 THEN left(sounds, 2) || substr(sounds, 4) END) STORED,
  ADD COLUMN skip4 text COLLATE "C" GENERATED ALWAYS AS (CASE
    WHEN length(sounds) = 4 THEN left(sounds, 3) END) STORED,
  ADD COLUMN initials text COLLATE "C" GENERATED ALWAYS AS (translate(left(sounds, 12), '{sounds}', '{letters}')) STORED;

CREATE FUNCTION grid_sound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.sounds := grid_sounds(NEW.name);
  RETURN NEW;
END $$;
-- No writer needs to know, and none can forget.
CREATE TRIGGER sound BEFORE INSERT OR UPDATE OF name, sounds ON grid_resident
  FOR EACH ROW EXECUTE FUNCTION grid_sound();

-- Each finds by one of them within the reader's range of areas, without touching a row outside it: neither the answer
-- nor the time it takes tells of anybody elsewhere.
CREATE INDEX resident_by_sounds ON grid_resident (sounds, area);
CREATE INDEX resident_by_skip1 ON grid_resident (skip1, area) WHERE skip1 IS NOT NULL;
CREATE INDEX resident_by_skip2 ON grid_resident (skip2, area) WHERE skip2 IS NOT NULL;
CREATE INDEX resident_by_skip3 ON grid_resident (skip3, area) WHERE skip3 IS NOT NULL;
CREATE INDEX resident_by_skip4 ON grid_resident (skip4, area) WHERE skip4 IS NOT NULL;
CREATE INDEX resident_by_initials ON grid_resident (initials, area);
