-- The second wall: what the database itself shows of personal tables, whatever a view forgets.
-- `app.scope` holds the caller's areas, sorted, none inside another: '110113001' or '110113001006001,110113001006003'.
-- It is set inside a transaction (gis.accounts.scope.applied); after it ends the setting is '' and shows nothing.

CREATE OR REPLACE FUNCTION grid_in_scope(area text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (
    SELECT FROM unnest(string_to_array(current_setting('app.scope', true), ',')) AS code
    WHERE area COLLATE "C" >= code AND area COLLATE "C" < code || ':')
$$;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_app') THEN
    CREATE ROLE wangge_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  EXECUTE format('GRANT wangge_app TO %I', current_user);
END $$;

GRANT USAGE ON SCHEMA public TO wangge_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO wangge_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO wangge_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wangge_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO wangge_app;
-- What happened is appended, never rewritten.
REVOKE UPDATE, DELETE ON grid_step FROM wangge_app;
REVOKE UPDATE, DELETE ON django_admin_log FROM wangge_app;
