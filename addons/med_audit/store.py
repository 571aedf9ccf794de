"""The audit store in PostgreSQL: made and brought up to date from the files in ``sql/``."""

from odoo.exceptions import UserError
from odoo.tools import file_open, file_path

FILES = ("schema", "capture", "seal")
VERSION = "med_audit 1"


def prepare(env):
    """Create the schema ``med_audit`` or replace its functions; entries are left alone.

    Where another role owns the schema, that role has to do it (``sql/owner.sql``): then it is only
    checked that the store is of this version.

    :raise UserError: the store belongs to another role and is not of this version
    """
    cr = env.cr
    cr.execute("""
        SELECT pg_has_role(nspowner, 'USAGE'), obj_description(oid, 'pg_namespace')
          FROM pg_namespace WHERE nspname = 'med_audit'""")
    owned, version = cr.fetchone() or (True, None)
    if owned:
        cr.execute("SELECT current_setting('search_path')")
        [path] = cr.fetchone()
        for name in FILES:
            with file_open(f"med_audit/sql/{name}.sql") as source:
                cr.execute(source.read())
        cr.execute("SELECT set_config('search_path', %s, true)", [path])
    elif version != VERSION:
        raise UserError(env._(
            "The audit store is “%(found)s”, this addon needs “%(needed)s”. It belongs to another "
            "role of the database, which has to run %(script)s.",
            found=version, needed=VERSION, script=file_path("med_audit/sql/owner.sql"),
        ))
