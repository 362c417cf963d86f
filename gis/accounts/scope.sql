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
    CREATE ROLE wangge_app NOLOGIN;
  END IF;
  IF (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'wangge_app') THEN
    RAISE EXCEPTION 'The role wangge_app steps over row-level security.'
      USING HINT = 'ALTER ROLE wangge_app NOSUPERUSER NOBYPASSRLS';
  END IF;
  EXECUTE format('GRANT wangge_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege THEN
  -- Somebody else's server: its administrator may have made the role and let us into it already.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'wangge_app' AND pg_has_role(current_user, oid, 'MEMBER')) THEN
    RAISE EXCEPTION 'The login % may not create the role wangge_app, as which Wangge answers requests.', current_user
      USING HINT = format('Have it made: CREATE ROLE wangge_app; GRANT wangge_app TO %I', current_user);
  END IF;
END $$;

GRANT USAGE ON SCHEMA public TO wangge_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO wangge_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO wangge_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wangge_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO wangge_app;
-- What happened is appended, never rewritten.
REVOKE UPDATE, DELETE ON grid_step, django_admin_log FROM wangge_app;
