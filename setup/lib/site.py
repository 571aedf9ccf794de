"""A real Odoo server on a cloned database with a user for every role, for black-box tests."""

import json
import os
import signal

from . import database, odoo, postgres
from .house import ROOT, Failure, free_port

ROLES = ("viewer", "warehouse", "operator", "shift_leader", "inspector", "purchasing", "qa",
         "qa_release", "regulatory", "metrology", "auditor", "system_admin",
         "portal_processor", "portal_dealer")

USERS = """
import json
from datetime import timedelta
from odoo.fields import Command, Datetime
users = {}
groups = {role: env.ref(f"med_base.med_base_group_{role}") for role in ROLES}
groups["nobody"] = env.ref("base.group_user")
for role, group in groups.items():
    user = env["res.users"].with_context(no_reset_password=True).create({
        "name": role.replace("_", " ").title(), "login": f"test_{role}", "password": f"test_{role}",
        "email": f"{role}@test.example", "group_ids": [Command.set(group.ids)]})
    users[role] = {"id": user.id, "login": user.login, "password": user.login}
admin = env.ref("base.user_admin")
users["admin"] = {"id": admin.id, "login": admin.login, "password": "admin"}
for account in users.values():
    keys = env["res.users.apikeys"].with_user(account["id"]).sudo()
    account["api_key"] = keys._generate("rpc", "test", Datetime.now() + timedelta(days=1))
env.cr.commit()
print("USERS" + json.dumps(users))
"""

TELL = """
import json

def tell(value):
    print("TOLD" + json.dumps(value))

"""


def cheap_hash():
    """Arguments that load tests/server/cheap_hash, which says what it is for."""
    return (f"--addons-path={odoo.addons_path()},{ROOT / 'tests' / 'server'}",
            "--load=base,rpc,web,cheap_hash")


class Site:
    """Database, server and users, for the length of a ``with`` block.

    :param durable: what is committed outlives a kill of PostgreSQL; tests do without as a rule
    :ivar url: of the server on 127.0.0.1
    :ivar users: role → id, login, password, api_key; besides the roles of med_base there are
                 ``nobody`` (a bare internal user) and ``admin``
    :ivar server: the :class:`lib.odoo.Server`, for tests that kill it and start it again
    """

    def __init__(self, name, template, database_name, durable=False):
        self.name, self.template, self.database = name, template, database_name
        self.durable = durable
        self.server = odoo.Server(f"test-{name}", database_name, free_port())
        if log := os.environ.get("MED_SERVER_LOG"):
            self.server.log = type(self.server.log)(log)
        self.url = self.server.url

    def __enter__(self):
        postgres.start()
        self.server.stop()
        database.clone(self.template, self.database, durable=self.durable)
        told = self.shell(f"ROLES = {ROLES!r}\n{USERS}")
        self.users = json.loads(next(
            line[5:] for line in told.splitlines() if line.startswith("USERS")))
        self.start()
        return self

    def __exit__(self, *error):
        self.server.stop()

    def shell(self, source):
        """Run Python source in ``odoo shell`` as superuser; returns what it printed."""
        return odoo.shell(self.database, source, *cheap_hash())

    def told(self, source):
        """Run Python source in ``odoo shell``, commit, and return what it gave to ``tell``.

        ``tell(value)`` takes JSON values; of several the last counts.
        """
        printed = self.shell(
            f"{TELL}{source}\nenv.cr.commit()\nenv.registry.signal_changes()\n")
        return json.loads([line[4:] for line in printed.splitlines()
                           if line.startswith("TOLD")][-1])

    def sql(self, statement):
        """Rows of one SQL statement, as lists of strings."""
        return postgres.sql(statement, self.database)

    def as_superuser(self, statement):
        """Rows of a statement run by the role that tests run as, if a superuser, else postgres."""
        [[superuser]] = self.sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return postgres.sql(statement, self.database,
                            user=None if superuser == "t" else "postgres")

    def start(self):
        """Start the server again after :meth:`kill`."""
        self.server.start("--max-cron-threads=0", *cheap_hash())

    def kill(self):
        """End the server at once, as a power failure would."""
        if not self.server.pid():
            raise Failure(f"the server of {self.name} is not running; its log: {self.server.log}")
        self.server.stop(signal.SIGKILL)

    def cut_sessions(self):
        """End every client's session in the database, as an administrator may."""
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                 " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                 " AND backend_type = 'client backend'")
