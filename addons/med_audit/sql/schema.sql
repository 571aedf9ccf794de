-- The audit store: outside the ORM, append-only, partitioned by month.
-- Run again at every upgrade: every statement leaves alone what exists. The comment at its end is
-- the version that store.py asks for.
CREATE SCHEMA IF NOT EXISTS med_audit;

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'hstore') THEN
        CREATE EXTENSION hstore SCHEMA med_audit;
    END IF;
END $$;

-- One row for each log this database has kept; the newest is current. A copy begins a new one.
CREATE TABLE IF NOT EXISTS med_audit.log (
    id       uuid PRIMARY KEY,
    key      bytea NOT NULL,            -- keys the digests of secret columns
    since    timestamptz NOT NULL DEFAULT clock_timestamp(),
    cause    text NOT NULL,             -- install, copy, neutralize
    database text NOT NULL DEFAULT current_database()
);

CREATE SEQUENCE IF NOT EXISTS med_audit.entry_id;
CREATE TABLE IF NOT EXISTS med_audit.entry (
    id     bigint NOT NULL DEFAULT nextval('med_audit.entry_id'),
    at     timestamptz NOT NULL,        -- clock_timestamp(), microseconds
    xid    bigint NOT NULL,             -- pg_current_xact_id()
    op     "char" NOT NULL,             -- I insert, U update, D delete, S picture, E event
    model  text NOT NULL,
    res_id bigint,
    tbl    text NOT NULL,               -- '' for events
    uid    integer,                     -- the person; NULL: nobody known
    body   text NOT NULL                -- the canonical bytes; all the rest is an index onto them
) PARTITION BY RANGE (at);
CREATE TABLE IF NOT EXISTS med_audit.entry_default PARTITION OF med_audit.entry DEFAULT;
CREATE INDEX IF NOT EXISTS entry_id_idx ON med_audit.entry (id);
CREATE INDEX IF NOT EXISTS entry_xid_idx ON med_audit.entry (xid, id);
CREATE INDEX IF NOT EXISTS entry_record_idx ON med_audit.entry (model, res_id, id);
CREATE INDEX IF NOT EXISTS entry_uid_idx ON med_audit.entry (uid, id);
-- What was deleted, by its values: the history of a record has its deleted lines too.
CREATE INDEX IF NOT EXISTS entry_deleted_idx ON med_audit.entry
    USING gin (((body::json -> 14)::text::jsonb) jsonb_path_ops) WHERE op = 'D';

-- What capture is attached to, and how far the picture of the rows found there has come.
CREATE TABLE IF NOT EXISTS med_audit.target (
    tbl      text PRIMARY KEY,
    model    text NOT NULL,
    id_col   text NOT NULL,             -- column that names the record
    secrets  text[] NOT NULL,           -- columns kept as a keyed digest
    digests  text[] NOT NULL,           -- bytea columns kept as sha256
    quiet    text[] NOT NULL,           -- columns whose change alone is no entry
    skip     text NOT NULL,             -- "column=value" of rows left out, or ''
    pictured text[]                     -- key of the last row pictured, '{}' none; NULL: complete
);

CREATE OR REPLACE FUNCTION med_audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % on %.% is refused.',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- Refuse changes of a table in schema med_audit, in every session and replication role.
-- A partition inherits the row trigger; its TRUNCATE has to be refused by its own trigger.
CREATE OR REPLACE FUNCTION med_audit.protect(tbl text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'med_audit_refuse'
                      AND tgrelid = format('med_audit.%I', tbl)::regclass) THEN
        EXECUTE format('CREATE TRIGGER med_audit_refuse BEFORE UPDATE OR DELETE ON med_audit.%I
                        FOR EACH ROW EXECUTE FUNCTION med_audit.refuse()', tbl);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'med_audit_refuse_truncate'
                      AND tgrelid = format('med_audit.%I', tbl)::regclass) THEN
        EXECUTE format('CREATE TRIGGER med_audit_refuse_truncate BEFORE TRUNCATE ON med_audit.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION med_audit.refuse()', tbl);
    END IF;
    -- Not at each upgrade: the lock would wait for a sequencer that is at work.
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = format('med_audit.%I', tbl)::regclass
                  AND tgname IN ('med_audit_refuse', 'med_audit_refuse_truncate')
                  AND tgenabled <> 'A') THEN
        EXECUTE format('ALTER TABLE med_audit.%I ENABLE ALWAYS TRIGGER med_audit_refuse,
                        ENABLE ALWAYS TRIGGER med_audit_refuse_truncate', tbl);
    END IF;
END $$;

-- Make the partitions of this month and of the months ahead; return how many were made.
-- A month of which rows lie in the default partition already stays there.
CREATE OR REPLACE FUNCTION med_audit.make_partitions(ahead integer DEFAULT 3) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' AS $$
DECLARE
    lower timestamptz;
    upper timestamptz;
    part text;
    made integer := 0;
BEGIN
    FOR n IN 0..ahead LOOP
        lower := date_trunc('month', now()) + make_interval(months => n);
        upper := lower + interval '1 month';
        part := 'entry_y' || to_char(lower, 'YYYY"m"MM');
        CONTINUE WHEN to_regclass('med_audit.' || part) IS NOT NULL
            OR EXISTS (SELECT FROM med_audit.entry_default WHERE at >= lower AND at < upper);
        -- ATTACH takes a lighter lock on the parent than CREATE … PARTITION OF: writers go on.
        EXECUTE format('CREATE TABLE med_audit.%I (LIKE med_audit.entry INCLUDING DEFAULTS)', part);
        EXECUTE format('ALTER TABLE med_audit.entry ATTACH PARTITION med_audit.%I
                        FOR VALUES FROM (%L) TO (%L)', part, lower, upper);
        PERFORM med_audit.protect(part);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- Begin a new log: at installation, and in a copy, which must not go on with the original's.
CREATE OR REPLACE FUNCTION med_audit.new_log(cause text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fresh uuid := gen_random_uuid();
BEGIN
    INSERT INTO med_audit.log (id, key, cause) VALUES (fresh, decode(replace(
        gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'), cause);
    EXECUTE format('CREATE OR REPLACE FUNCTION med_audit.log_id() RETURNS uuid
                    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$ SELECT %L::pg_catalog.uuid $f$', fresh);
    RETURN fresh;
END $$;

DO $$ BEGIN
    PERFORM med_audit.protect('log'), med_audit.protect('entry'), med_audit.protect('entry_default');
    PERFORM med_audit.make_partitions();
    IF NOT EXISTS (SELECT FROM med_audit.log) THEN
        PERFORM med_audit.new_log('install');
    END IF;
END $$;

COMMENT ON SCHEMA med_audit IS 'med_audit 1';
