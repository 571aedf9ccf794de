"""A sealed audit log in a database of its own, without Odoo: the store, capture and sequencer.

For tests that tamper with it as the database's superuser.
"""

import os
from pathlib import Path

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from tools import note, sealing

from lib import database, postgres

ROOT = Path(__file__).resolve().parents[1]

TABLES = """
    CREATE TABLE device (id serial PRIMARY KEY, name text, lot text, quantity numeric, secret text,
                         image bytea, company_id integer);
    CREATE TABLE device_tag_rel (device_id integer, tag_id integer,
                                 PRIMARY KEY (device_id, tag_id));
    SELECT med_audit.attach('device', 'med.device', 'id', '{secret}', '{image}', '{}', ''),
           med_audit.attach('device_tag_rel', 'med.device', 'device_id', '{}', '{}', '{}', '');
"""


def connect(name):
    """A connection as the database's superuser."""
    variables = {**os.environ, **postgres.environment()}
    if not postgres.EXTERNAL:
        variables["PGUSER"] = "postgres"
        os.environ.setdefault("PGPASSFILE", variables["PGPASSFILE"])
    connection = psycopg2.connect(dbname=name, **{
        option: variables[variable] for option, variable in (
            ("host", "PGHOST"), ("port", "PGPORT"), ("user", "PGUSER")) if variable in variables})
    connection.set_isolation_level(ISOLATION_LEVEL_REPEATABLE_READ)
    return connection


class Log:
    """A database with a captured table and a sealed log.

    :ivar signer: its private key
    """

    def __init__(self, name, template=None, signer=None):
        postgres.start()
        self.name = f"{postgres.PREFIX}_test_{name}"
        if template:
            database.clone(template.name, self.name)
        else:
            database.drop(self.name)
            postgres.sql(f'CREATE DATABASE "{self.name}"')
        self.connection = connect(self.name)
        self.cr = self.connection.cursor()
        if not template:
            self.make()
        if signer:
            self.signer = signer

    def make(self):
        """Make the store and the captured tables, and a key."""
        for part in ("schema", "capture", "seal"):
            path = ROOT / "addons" / "med_audit" / "sql" / f"{part}.sql"
            self.cr.execute(path.read_text())
        self.cr.execute("RESET search_path")
        self.connection.commit()
        self.run(TABLES, "SELECT med_audit.picture('device', 100)",
                 "SELECT med_audit.picture('device_tag_rel', 100)")
        self.signer = note.Signer(
            f"med-audit/{self.value('SELECT med_audit.log_id()')}", bytes(range(32)))

    def run(self, *statements):
        """Run statements, each in a transaction of its own."""
        for statement in statements:
            self.cr.execute(statement)
            self.connection.commit()

    def rows(self, statement, *arguments):
        self.cr.execute(statement, arguments)
        return self.cr.fetchall()

    def value(self, statement, *arguments):
        return self.rows(statement, *arguments)[0][0]

    def seal(self, *signers):
        """One pass of the sequencer; returns the signed note."""
        self.connection.rollback()  # what it saw before is past
        done = sealing.seal(self.cr, signers or [self.signer])
        self.connection.commit()
        return done.note

    def fill(self):
        """Write a small history: six seals over inserts, changes, deletes and relations."""
        self.run("SET med_audit.uid = '7'",
                 """SET med_audit.person = '{"login":"质检员","origin":"web"}'""")
        for batch in range(6):
            self.run(
                f"INSERT INTO device (name, lot, quantity, secret, image, company_id)"
                f" SELECT 'Pump ' || n, 'L{batch}-' || n, n + 0.50, 's' || n, '\\x00ff', 1"
                f" FROM generate_series(1, 4) n",
                f"UPDATE device SET lot = lot || 'x', image = '\\x01' WHERE id % 3 = {batch % 3}",
                f"INSERT INTO device_tag_rel SELECT id, {batch} FROM device WHERE id % 4 = 1",
                f"DELETE FROM device WHERE id = {batch * 4 + 2}")
            self.seal()
        return self

    def close(self):
        self.connection.close()
        database.drop(self.name)


class Forger:
    """What somebody can do who owns the database and hides that he was there."""

    GUARDED = ("entry", "leaf", "subtree", "checkpoint")

    def __init__(self, cr):
        self.cr = cr

    def guards_off(self):
        """Switch the guards of the store off and drop what reads bodies; return its tables."""
        self.cr.execute("SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c"
                        " ON c.oid = i.indexrelid WHERE i.indrelid ="
                        " 'med_audit.entry'::regclass AND i.indexprs IS NOT NULL")
        for index, in self.cr.fetchall():
            self.cr.execute(f"DROP INDEX {index}")
        self.cr.execute("SELECT format('med_audit.%%I', relname) FROM pg_class"
                        " WHERE relnamespace = 'med_audit'::regnamespace AND (relispartition OR"
                        " relname = ANY(%s)) AND relkind IN ('r', 'p')", [list(self.GUARDED)])
        tables = [one for one, in self.cr.fetchall()]
        for table in tables:
            self.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        return tables

    def do(self, *statements):
        """Run statements with the guards of the store off, and put the guards back."""
        tables = self.guards_off()
        for statement in statements:
            self.cr.execute(*statement if isinstance(statement, tuple) else (statement,))
        for table in tables:
            self.cr.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER med_audit_refuse,"
                            f" ENABLE ALWAYS TRIGGER med_audit_refuse_truncate")
