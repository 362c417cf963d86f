-- How a name sounds, sign by sign. A join instead would be planned as a hash of the whole table for every name as long as
-- nobody has counted that table, in a new database and in a restored one: 9 ms a name instead of 0.02.
CREATE OR REPLACE FUNCTION grid_sounds(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(coalesce(
    (SELECT grid_sign.sound FROM grid_sign WHERE grid_sign.sign = one.sign), one.sign), '' ORDER BY one.at), '')
  FROM regexp_split_to_table(left(translate(lower(name), E' \t　·•・‧.．-－''’()（）', ''), 30), '')
    WITH ORDINALITY AS one(sign, at)
$$;
