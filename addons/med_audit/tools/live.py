"""Live rows against what the entries say they should be (LOG-8), in flat memory.

The entries of a row are folded in the order they were written: a whole row for I and S, changed
columns for U, nothing for D. What remains must be the row.
"""

import json
from dataclasses import dataclass

from .chain import Finding

STEP = 2_000
FORM = """
    SELECT set_config('DateStyle', 'ISO, YMD', true), set_config('TimeZone', 'UTC', true),
           set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
           set_config('extra_float_digits', '1', true),
           set_config('search_path', concat_ws(', ', 'pg_catalog', quote_ident(n.nspname)), true)
      FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'hstore'"""


@dataclass(frozen=True)
class Target:
    """A table that is captured, as a row of med_audit.target describes it."""

    tbl: str
    model: str
    id_col: str
    secrets: list
    digests: list
    quiet: list
    skip: str


def targets(cr):
    """Return the targets whose rows have all been pictured."""
    cr.execute("SELECT tbl, model, id_col, secrets, digests, quiet, skip FROM med_audit.target"
               " WHERE pictured IS NULL AND to_regclass(format('public.%I', tbl)) IS NOT NULL"
               " ORDER BY tbl")
    return [Target(*row) for row in cr.fetchall()]


def differences(cr, target, begin=None):
    """Yield ``(record, Finding or None)`` for each step of a table; record is where to go on.

    The transaction has to be REPEATABLE READ, so that rows and entries are of one moment.
    """
    cr.execute("SELECT med_audit.log_id()::text")
    [log] = cr.fetchone()
    # names of a table and a column of it, as the store holds them
    table, record = f'public."{target.tbl}"', f'"{target.id_col}"'
    # pylint: disable-next=sql-injection
    cr.execute(f"""
        SELECT least((SELECT min({record}) FROM {table}), (SELECT min(res_id) FROM med_audit.entry
                      WHERE model = %(model)s)),
               greatest((SELECT max({record}) FROM {table}), (SELECT max(res_id)
                      FROM med_audit.entry WHERE model = %(model)s))""", {"model": target.model})
    low, high = cr.fetchone()
    if begin is not None:
        low = begin
    while low is not None and low <= high:
        cr.execute("SAVEPOINT med_audit_live")  # the settings of FORM go with it
        cr.execute(FORM)
        findings = list(_step(cr, target, log, low, low + STEP))
        cr.execute("ROLLBACK TO SAVEPOINT med_audit_live")
        cr.execute("RELEASE SAVEPOINT med_audit_live")
        for finding in findings:
            yield low, finding
        low += STEP
        yield low, None


def _step(cr, target, log, low, high):
    cr.execute("SELECT body FROM med_audit.entry WHERE model = %s AND tbl = %s AND res_id >= %s"
               " AND res_id < %s ORDER BY id", [target.model, target.tbl, low, high])
    rows = {}
    for text, in cr.fetchall():
        body = json.loads(text)
        if wrong := _fold(rows, body, target, log):
            yield Finding("LOG-8", f"{', '.join(wrong)} of {target.model} {body[7]} had been "
                          f"changed without an entry before entry {body[2]}", body[2])
    skip, _, value = target.skip.partition("=")
    where = f'AND t."{skip}"::text IS DISTINCT FROM %(value)s' if skip else ""
    image = "hstore(t)"
    if target.secrets or target.digests:
        image = "med_audit.mask(hstore(t), %(secrets)s::text[], %(digests)s::text[])"
    cr.execute(f"""
        SELECT t."{target.id_col}", hstore_to_json({image})::text FROM public."{target.tbl}" t
         WHERE t."{target.id_col}" >= %(low)s AND t."{target.id_col}" < %(high)s {where}""",
               {"value": value, "secrets": target.secrets, "digests": target.digests,
                "low": low, "high": high})
    for record, text in cr.fetchall():
        live = json.loads(text)
        kept = rows.pop(_key(live), None)
        if kept is None:
            yield Finding("LOG-8", f"a row of {target.tbl} ({target.model} {record}) was made "
                          "without an entry")
            continue
        different = sorted(
            column for column, value in live.items()
            if column not in target.quiet and kept.get(column) != value
            and kept.get(column) is not UNKNOWN)
        if different:
            yield Finding("LOG-8", f"{', '.join(different)} of {target.model} {record} (table "
                          f"{target.tbl}) was changed without an entry")
    for kept in rows.values():
        yield Finding("LOG-8", f"a row of {target.tbl} ({target.model} "
                      f"{kept.get(target.id_col)}) was deleted without an entry")


UNKNOWN = object()
"""A secret whose digest is keyed by a log before this one."""


def _key(image):
    """Return what tells rows apart: the id, or of a many2many table all columns."""
    return image["id"] if "id" in image else tuple(sorted(image.items()))


def _fold(rows, body, target, log):
    """Carry one entry into the rows; return what of its old values was not there, or nothing."""
    old, new = body[14], body[15]
    if body[1] != log and new:
        new = {column: UNKNOWN if column in target.secrets else value
               for column, value in new.items()}
    if body[5] in "IS":
        rows[_key(new)] = new
    elif body[5] == "D":
        rows.pop(_key(old), None)
    elif target.id_col == "id":
        kept = rows.setdefault(str(body[7]), {"id": str(body[7])})
        wrong = [column for column, value in old.items()
                 if kept.get(column, value) not in (value, UNKNOWN)
                 and column not in (*target.quiet, *target.secrets)]
        kept.update(new)
        return wrong
    else:
        for key, kept in list(rows.items()):
            if all(kept.get(column) == value for column, value in old.items()):
                changed = {**rows.pop(key), **new}
                rows[_key(changed)] = changed
                break
    return []
