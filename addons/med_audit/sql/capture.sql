-- Capture: what the triggers of audited tables do. See models/med_audit_policy.py for who attaches
-- them. Nothing here writes a row that two transactions could meet on.

SELECT set_config('search_path', format('pg_catalog, public, %I', n.nspname), true)
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hstore';

-- An hstore as a compact JSON object. Columns that are NULL are left out of a whole row; of an update
-- they are part. (PL/pgSQL: an SQL function that cannot be inlined is planned at every call.)
CREATE OR REPLACE FUNCTION med_audit.object(columns hstore, nulls boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    result text := json_strip_nulls(hstore_to_json(columns));
    name text;
BEGIN
    IF nulls AND array_position(avals(columns), NULL) IS NOT NULL THEN
        result := left(result, -1);
        FOREACH name IN ARRAY akeys(columns) LOOP
            IF columns -> name IS NULL THEN
                result := concat(result, CASE result WHEN '{' THEN '' ELSE ',' END, to_json(name), ':null');
            END IF;
        END LOOP;
        result := result || '}';
    END IF;
    RETURN result;
END $$;

-- Columns that must not be read by everybody who reads the trail, as digests. The digest is keyed,
-- so that nobody tries passwords against it, and short, so that it proves a change and no more.
-- A secret may be conditional: column?other column?pattern the other must match.
CREATE OR REPLACE FUNCTION med_audit.mask(columns hstore, secrets text[], digests text[])
RETURNS hstore LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text;
    key bytea;
BEGIN
    FOREACH name IN ARRAY secrets LOOP
        CONTINUE WHEN name LIKE '%?%'
            AND coalesce(columns -> split_part(name, '?', 2) !~* split_part(name, '?', 3), false);
        name := split_part(name, '?', 1);
        IF columns -> name IS NOT NULL THEN
            key := coalesce(key, (SELECT l.key FROM med_audit.log l WHERE l.id = med_audit.log_id()));
            columns := columns || hstore(name, 'sha256:' || left(encode(sha256(
                key || sha256(key || convert_to(columns -> name, 'UTF8'))), 'hex'), 12));
        END IF;
    END LOOP;
    FOREACH name IN ARRAY digests LOOP
        IF columns -> name IS NOT NULL THEN
            columns := columns || hstore(name, 'sha256:' || encode(sha256(
                (columns -> name)::bytea), 'hex'));
        END IF;
    END LOOP;
    RETURN columns;
END $$;

-- Write one entry. Who, why and when it happened are settings of the session, made by Odoo
-- (models/person.py); without them the entry says which role of the database did it.
CREATE OR REPLACE FUNCTION med_audit.store(
    op "char", model text, res_id bigint, tbl text, company text, before text, after text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    entry bigint := nextval('med_audit.entry_id');
    moment timestamptz := clock_timestamp();
    xid bigint := pg_current_xact_id()::text::bigint;
    uid integer := nullif(current_setting('med_audit.uid', true), '')::integer;
    person text := nullif(current_setting('med_audit.person', true), '')::json::text;
    event_at text := nullif(current_setting('med_audit.event_at', true), '');
    body text;
BEGIN
    IF person IS NULL THEN
        person := json_strip_nulls(json_build_object(
            'origin', 'database', 'role', session_user,
            'application', nullif(current_setting('application_name'), ''),
            'address', host(inet_client_addr())))::text;
    END IF;
    -- Assigned first: in the INSERT the expression would be prepared anew each time.
    body := concat(
        '["med-audit/1","', med_audit.log_id(), '",', entry,
        ',"', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        '",', xid, ',"', op, '",', to_json(model), ',', coalesce(res_id::text, 'null'),
        ',', to_json(tbl), ',', coalesce(uid::text, 'null'),
        ',', coalesce(company, 'null'), ',', person,
        ',', coalesce(to_json(nullif(current_setting('med_audit.reason', true), ''))::text, 'null'),
        ',', coalesce(to_char(event_at::timestamp, '"\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\""'), 'null'),
        ',', coalesce(before, 'null'), ',', coalesce(after, 'null'), ']');
    INSERT INTO med_audit.entry VALUES (entry, moment, xid, op, model, res_id, tbl, uid, body);
    RETURN entry;
END $$;

-- Arguments: model, column of the record's id, secret columns, bytea columns, quiet columns,
-- "column=value" of rows to leave out. Whole rows leave out columns that are NULL.
CREATE OR REPLACE FUNCTION med_audit.capture() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before hstore;
    after hstore;
    changed hstore;
    company text;
    record bigint;
    entry bigint;  -- assigned, not PERFORMed: that would run a query
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := hstore(OLD);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := hstore(NEW);
    END IF;
    IF TG_ARGV[5] <> ''
       AND (before IS NULL OR coalesce(
            before -> split_part(TG_ARGV[5], '=', 1) = split_part(TG_ARGV[5], '=', 2), false))
       AND (after IS NULL OR coalesce(
            after -> split_part(TG_ARGV[5], '=', 1) = split_part(TG_ARGV[5], '=', 2), false)) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        changed := after - before;
        IF changed - TG_ARGV[4]::text[] = '' THEN
            RETURN NULL;
        END IF;
    END IF;
    company := coalesce(after, before) -> 'company_id';
    record := coalesce(after, before) -> TG_ARGV[1];
    IF TG_ARGV[2] <> '{}' OR TG_ARGV[3] <> '{}' THEN
        before := med_audit.mask(before, TG_ARGV[2]::text[], TG_ARGV[3]::text[]);
        after := med_audit.mask(after, TG_ARGV[2]::text[], TG_ARGV[3]::text[]);
        changed := slice(after, akeys(changed));
    END IF;
    IF TG_OP = 'UPDATE' THEN
        entry := med_audit.store('U', TG_ARGV[0], record, TG_TABLE_NAME, company,
                                 med_audit.object(slice(before, akeys(changed)), true),
                                 med_audit.object(changed, true));
    ELSE
        entry := med_audit.store(left(TG_OP, 1)::"char", TG_ARGV[0], record, TG_TABLE_NAME, company,
                                 med_audit.object(before, false), med_audit.object(after, false));
    END IF;
    RETURN NULL;
END $$;

-- Write whole rows of a target as entries: 'S' for the picture when auditing begins, 'D' before a
-- TRUNCATE. At most `rows` rows (NULL: all) after the primary key `after`. Rows are locked against
-- change meanwhile, so that no older picture follows a newer update; those of scheduled actions only
-- against deletion, since the scheduler holds the row of the very job that takes the picture.
CREATE OR REPLACE FUNCTION med_audit.write_rows(
    target med_audit.target, op "char", after text[], rows integer,
    OUT seen integer, OUT last text[]
) LANGUAGE plpgsql AS $$
DECLARE
    place text := format('public.%I', target.tbl);
    strength text := CASE target.tbl WHEN 'ir_cron' THEN 'KEY SHARE' ELSE 'SHARE' END;
    keys text;
    later text;
BEGIN
    SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum),
           format('(%s) > (%s)', string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum),
               string_agg(format('%L::%s', after[n], format_type(a.atttypid, a.atttypmod)), ', '
                          ORDER BY a.attnum))
      INTO keys, later
      FROM (SELECT *, row_number() OVER (ORDER BY attnum) AS n FROM pg_attribute
             WHERE attrelid = place::regclass
               AND attnum = ANY ((SELECT indkey FROM pg_index
                    WHERE indrelid = place::regclass AND indisprimary)::smallint[])) a;
    EXECUTE format($q$
        WITH found AS MATERIALIZED (
            SELECT ARRAY[%1$s]::text[] AS key, hstore(t) AS columns FROM %2$s t
             WHERE %3$s ORDER BY %1$s LIMIT $1 FOR %4$s),
        written AS MATERIALIZED (
            SELECT key, row_number() OVER () AS n, CASE WHEN $2.skip = ''
                OR columns -> split_part($2.skip, '=', 1) IS DISTINCT FROM split_part($2.skip, '=', 2)
              THEN med_audit.store($3, $2.model, (columns -> $2.id_col)::bigint, $2.tbl,
                    columns -> 'company_id', CASE $3 WHEN 'D' THEN med_audit.object(med_audit.mask(columns, $2.secrets, $2.digests), false) END,
                    CASE $3 WHEN 'S' THEN med_audit.object(med_audit.mask(columns, $2.secrets, $2.digests), false) END) END
              FROM found)
        SELECT (SELECT count(*) FROM written), (SELECT key FROM written ORDER BY n DESC LIMIT 1) $q$,
        coalesce(keys, 't.ctid'), place,
        CASE WHEN after = '{}' THEN 'true'
             ELSE coalesce(later, format('t.ctid > %L::tid', after[1])) END, strength)
    INTO seen, last USING rows, target, op;
END $$;

-- A TRUNCATE of an audited table deletes its rows one by one, as far as the trail is concerned.
CREATE OR REPLACE FUNCTION med_audit.capture_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    target med_audit.target;
BEGIN
    SELECT * INTO target FROM med_audit.target t WHERE t.tbl = TG_TABLE_NAME;
    PERFORM med_audit.write_rows(target, 'D', '{}', NULL);
    RETURN NULL;
END $$;

-- Record that something happened that is no row: a sign-in, an export, a policy put in place.
-- Payload: a flat JSON object; values become text.
CREATE OR REPLACE FUNCTION med_audit.event(kind text, model text, res_id bigint, payload jsonb)
RETURNS bigint LANGUAGE sql AS $$
    SELECT med_audit.store('E', model, res_id, '', NULL, NULL, med_audit.object(
        hstore('event', kind) || coalesce((SELECT hstore(array_agg(key), array_agg(value))
            FROM jsonb_each_text(payload)), ''), true))
$$;

CREATE OR REPLACE FUNCTION med_audit.args(target med_audit.target) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT format('%L, %L, %L, %L, %L, %L', target.model, target.id_col, target.secrets,
                  target.digests, target.quiet, target.skip)
$$;

-- Targets and what is wrong with their triggers: NULL nothing, else missing, disabled, different.
CREATE OR REPLACE FUNCTION med_audit.expected()
RETURNS TABLE (tbl text, model text, problem text) LANGUAGE sql STABLE AS $$
    SELECT t.tbl, t.model, CASE
               WHEN count(g.*) < 2 THEN 'missing'
               WHEN bool_or(g.tgenabled <> 'A') THEN 'disabled'
               WHEN bool_or(g.tgname = 'med_audit_capture' AND (
                        g.tgfoid <> 'med_audit.capture'::regproc OR g.tgtype <> 29
                     OR g.tgqual IS NOT NULL OR g.tgattr <> ''
                     OR g.tgargs <> (SELECT string_agg(convert_to(a, 'UTF8'), '\x00'::bytea) || '\x00'
                          FROM unnest(ARRAY[t.model, t.id_col, t.secrets::text, t.digests::text,
                                            t.quiet::text, t.skip]) a))
                     OR g.tgname = 'med_audit_truncate' AND (
                        g.tgfoid <> 'med_audit.capture_truncate'::regproc OR g.tgtype <> 34))
                   THEN 'different' END
      FROM med_audit.target t
 LEFT JOIN pg_trigger g ON g.tgrelid = to_regclass(format('public.%I', t.tbl))
       AND g.tgname IN ('med_audit_capture', 'med_audit_truncate') AND NOT g.tgisinternal
  GROUP BY t.tbl
$$;

-- Whether the log says that capture stands on a table: known even where somebody has deleted the
-- row of med_audit.target along with the trigger.
CREATE OR REPLACE FUNCTION med_audit.logged(tbl text, model text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT b.new ->> 'event' = 'attach'
          FROM med_audit.entry e, LATERAL (SELECT e.body::json -> 15 AS new) b
         WHERE e.model = logged.model AND e.res_id IS NULL AND e.op = 'E'
           AND b.new ->> 'event' IN ('attach', 'detach') AND b.new ->> 'tbl' = logged.tbl
      ORDER BY e.id DESC LIMIT 1), false)
$$;

-- Put capture on a table, as described by the row of med_audit.target; do nothing where it stands.
-- Return whether something had to be done. Each time something is done, the log says so.
CREATE OR REPLACE FUNCTION med_audit.attach(
    tbl text, model text, id_col text, secrets text[] DEFAULT '{}', digests text[] DEFAULT '{}',
    quiet text[] DEFAULT '{}', skip text DEFAULT ''
) RETURNS boolean LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    wanted med_audit.target := ROW(tbl, model, id_col, secrets, digests, quiet, skip, NULL);
    found med_audit.target;
    problem text;
BEGIN
    SELECT * INTO found FROM med_audit.target t WHERE t.tbl = wanted.tbl;
    SELECT e.problem INTO problem FROM med_audit.expected() e WHERE e.tbl = wanted.tbl;
    IF problem IS NULL AND med_audit.args(found) = med_audit.args(wanted) THEN
        RETURN false;
    END IF;
    IF found.tbl IS NULL THEN
        problem := CASE WHEN med_audit.logged(tbl, model) THEN 'forgotten' END;
    END IF;
    EXECUTE format('DROP TRIGGER IF EXISTS med_audit_capture ON public.%1$I;
        DROP TRIGGER IF EXISTS med_audit_truncate ON public.%1$I;
        CREATE TRIGGER med_audit_capture AFTER INSERT OR UPDATE OR DELETE ON public.%1$I
            FOR EACH ROW EXECUTE FUNCTION med_audit.capture(%2$s);
        CREATE TRIGGER med_audit_truncate BEFORE TRUNCATE ON public.%1$I
            FOR EACH STATEMENT EXECUTE FUNCTION med_audit.capture_truncate();
        ALTER TABLE public.%1$I ENABLE ALWAYS TRIGGER med_audit_capture,
            ENABLE ALWAYS TRIGGER med_audit_truncate', tbl, med_audit.args(wanted));
    -- A trigger that was missing may have missed changes: picture the rows again.
    wanted.pictured := '{}';
    DELETE FROM med_audit.target t WHERE t.tbl = wanted.tbl;
    INSERT INTO med_audit.target SELECT wanted.*;
    PERFORM med_audit.event('attach', model, NULL, jsonb_strip_nulls(to_jsonb(wanted) - 'pictured'
        || jsonb_build_object('problem', problem)));
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION med_audit.detach(tbl text) RETURNS boolean LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    found med_audit.target;
BEGIN
    DELETE FROM med_audit.target t WHERE t.tbl = tbl RETURNING * INTO found;
    IF to_regclass(format('public.%I', tbl)) IS NOT NULL THEN
        EXECUTE format('DROP TRIGGER IF EXISTS med_audit_capture ON public.%1$I;
                        DROP TRIGGER IF EXISTS med_audit_truncate ON public.%1$I', tbl);
    END IF;
    IF found.tbl IS NOT NULL THEN
        PERFORM med_audit.event('detach', found.model, NULL, jsonb_build_object('tbl', tbl));
    END IF;
    RETURN found.tbl IS NOT NULL;
END $$;

-- Picture the next rows of a target; return how many rows were seen, 0 when it is complete.
CREATE OR REPLACE FUNCTION med_audit.picture(tbl text, rows integer) RETURNS integer
LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    target med_audit.target;
    result record;
BEGIN
    SELECT * INTO target FROM med_audit.target t WHERE t.tbl = tbl AND t.pictured IS NOT NULL
       FOR UPDATE;
    IF target.tbl IS NULL THEN
        RETURN 0;
    END IF;
    result := med_audit.write_rows(target, 'S', target.pictured, rows);
    UPDATE med_audit.target t SET pictured = CASE WHEN result.seen = rows THEN result.last END
     WHERE t.tbl = tbl;
    RETURN result.seen;
END $$;

-- All of it runs as the owner of the store, under a search path and a text form that the caller
-- cannot choose.
DO $$
DECLARE
    f regprocedure;
    place name := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                    WHERE e.extname = 'hstore');
BEGIN
    FOREACH f IN ARRAY ARRAY['med_audit.capture()', 'med_audit.capture_truncate()',
        'med_audit.event(text, text, bigint, jsonb)', 'med_audit.picture(text, integer)']::regprocedure[]
    LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = pg_catalog, %I, pg_temp
            SET DateStyle = ''ISO, YMD'' SET TimeZone = ''UTC'' SET IntervalStyle = ''postgres''
            SET extra_float_digits = 1 SET bytea_output = ''hex''', f, place);
    END LOOP;
END $$;
