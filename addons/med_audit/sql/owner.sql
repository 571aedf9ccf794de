-- Give the audit store to a role of its own, so that Odoo's role can add entries and cannot change,
-- drop or switch off anything of the store. Run by a superuser of PostgreSQL, once after the
-- installation of med_audit and again after each upgrade of it:
--
--   psql -d DATABASE -v app=ODOO_ROLE -v owner=med_audit_owner -f owner.sql
--
-- The owner cannot log in. Odoo's role keeps its own tables, and with them the power to take a
-- trigger off one of them: that is found by the check of triggers and put right, and reported.
-- Where it made the extension hstore it can drop that, too: then nothing audited can be written.
-- Odoo's role must not be a superuser. To see whether it holds:
--
--   SELECT pg_has_role('ODOO_ROLE', nspowner, 'MEMBER') AS wrong FROM pg_namespace
--    WHERE nspname = 'med_audit';
\set ON_ERROR_STOP on
BEGIN;
\ir schema.sql
\ir capture.sql
\ir seal.sql
SELECT set_config('search_path', 'pg_catalog', true),
       set_config('med_audit.app_role', :'app', true),
       set_config('med_audit.owner_role', :'owner', true);
DO $$
DECLARE
    app name := current_setting('med_audit.app_role');
    owner name := current_setting('med_audit.owner_role');
    part record;
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = app) THEN
        RAISE EXCEPTION 'The role % is a superuser: nothing can be kept from it.', app;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', owner);
    END IF;
    -- Capture and pictures read Odoo's tables in the name of the owner.
    EXECUTE format('GRANT %I TO %I', app, owner);
    EXECUTE format('ALTER SCHEMA med_audit OWNER TO %I', owner);
    FOR part IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'med_audit'::regnamespace AND (relkind IN ('r', 'p')
           OR relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend d
                WHERE d.objid = pg_class.oid AND d.deptype IN ('a', 'i')))
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO %I', part.name, owner);
    END LOOP;
    FOR part IN SELECT oid::regprocedure AS name FROM pg_proc p
        WHERE pronamespace = 'med_audit'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', part.name, owner);
    END LOOP;
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA med_audit FROM %I', app);
    EXECUTE format('GRANT USAGE ON SCHEMA med_audit TO %I', app);
    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA med_audit TO %I', app);
    EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA med_audit
                    GRANT SELECT ON TABLES TO %I', owner, app);
    EXECUTE format('GRANT INSERT ON med_audit.leaf, med_audit.subtree, med_audit.checkpoint,
                    med_audit.seal_state TO %I', app);
    EXECUTE format('GRANT UPDATE ON med_audit.seal_state TO %I', app);
    EXECUTE format('GRANT INSERT, UPDATE, DELETE ON med_audit.target TO %I', app);
END $$;
COMMIT;
