"""The demonstration: its database, its server, and the key its report speaks with."""

import json
import os
import subprocess
import sys
from datetime import date

from . import database, odoo, postgres
from .house import RUNTIME, SETUP, Failure, our_addons, say, step
from .rpc import person

NAME = database.DEMO_NAME
SERVER = odoo.Server(NAME, database.DEMO, int(os.environ.get("MED_PORT") or 8069))
KEY = RUNTIME / f"{NAME}-api-key"
STORY = RUNTIME / f"{NAME}.json"  # its logins and the lots to look at
PROCESSORS = RUNTIME / f"{NAME}-processors.json"  # keys of the processors' programs
BUILT = RUNTIME / f"{NAME}-addons"  # checksum of the addons that its database was made with

LOAD = """
import json
import pathlib
import sys
sys.path.insert(0, SETUP)
from demo_company import load
told = load(env)
env.cr.commit()
pathlib.Path(PROCESSORS).write_text(json.dumps(told.pop("processors")))
from odoo.addons.med_audit import sealer
sealer.seal(env.cr.dbname)
pathlib.Path(STORY).write_text(json.dumps(told, ensure_ascii=False))
"""
REPORTER = """
from odoo.fields import Command
admin = env.ref("base.user_admin")
user = env["res.users"].with_context(no_reset_password=True).search([("login", "=", "reporter")])
if not user:
    user = env["res.users"].with_context(no_reset_password=True).create({
        "name": "Demonstration report", "login": "reporter",
        "email": "reporter@demo.example",
        "company_ids": [Command.set(env["res.company"].search([]).ids)],
        "group_ids": [Command.set((env.ref("med_base.med_base_group_auditor")
                                   + env.ref("stock.group_stock_user")
                                   + env.ref("mrp.group_mrp_user")).ids)]})
access = env["med.auditor.access"]
if not access.search([("user_id", "=", user.id)]):
    access.create({
        "user_id": user.id, "company_ids": [Command.set(user.company_ids.ids)],
        "reason": "Demonstration report", "date_until": "2100-01-01 00:00:00"})
key = env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "setup/demo_report", None)
env.cr.commit()
print("KEY" + key)
"""


def ensure_database():
    """Make the demonstration's database, or bring it up to the addons as they are now."""
    if database.DEMO in database.names() and BUILT.exists():
        if BUILT.read_text() != database.addons_hash():
            SERVER.stop()
            with step("Updating the addons in the demonstration's database"):
                odoo.call("server", database.DEMO, "-u", ",".join(our_addons()),
                          "--stop-after-init", "--no-http", log=SERVER.log)
            _make_key()
            BUILT.write_text(database.addons_hash())
        return
    SERVER.stop()
    BUILT.unlink(missing_ok=True)
    database.clone(database.full_template(), database.DEMO, durable=True)
    if not (SETUP / "demo_company" / "__init__.py").exists():
        raise Failure("setup/demo_company is missing from this copy; get the whole repository")
    for secret in (KEY, STORY, PROCESSORS):
        secret.touch(mode=0o600)
    with step("Loading the demonstration company: 18 months of documents (minutes, once)"):
        head = (f"SETUP, STORY, PROCESSORS = {str(SETUP)!r}, {str(STORY)!r}, "
                f"{str(PROCESSORS)!r}\n")
        odoo.shell(database.DEMO, head + LOAD, aloud=True)
    _make_key()
    BUILT.write_text(database.addons_hash())


def _make_key():
    """Give the report's account what it needs by now, and a key."""
    told = odoo.shell(database.DEMO, REPORTER)
    KEY.write_text(next(line[3:] for line in told.splitlines() if line.startswith("KEY")))


def start():
    """Start the server of the demonstration."""
    if not SERVER.pid():
        with step(f"Starting Odoo on {SERVER.url}"):
            SERVER.start()


def play_processors():
    """Let the three processors' programs carry out their orders, and receive what they ship."""
    if not PROCESSORS.exists() or not PROCESSORS.stat().st_size:
        return  # a demonstration that was loaded before there were any
    quality = person(json.loads(STORY.read_text()), "qa", SERVER.url, SERVER.database)
    if quality.call("med.outsourcing.order", "search_count", domain=[
            ["state", "in", ["released", "acknowledged", "started", "finished"]]]):
        with step("Three processors outside pull their orders, and report"):
            # What was written while Odoo was not there waits for its scheduled actions: up to a
            # minute, unless they are woken.
            postgres.sql(f"NOTIFY cron_trigger, '{SERVER.database}'", database="postgres")
            subprocess.run([sys.executable, SETUP / "partner_demo",
                            f"{SERVER.url}/?db={SERVER.database}", PROCESSORS, "--seconds", "8"],
                           check=True)
    receive()


def receive():
    """Post as the warehouse what the processors shipped, and make each its statement."""
    told = json.loads(STORY.read_text())
    warehouse = person(told, "warehouse", SERVER.url, SERVER.database)
    for order in warehouse.call("med.outsourcing.order", "search_read",
                                domain=[["state", "=", "shipped"]], fields=["back_picking_ids"]):
        for picking in warehouse.call(
                "stock.picking", "search_read", fields=["move_ids"], domain=[
                    ["id", "in", order["back_picking_ids"]],
                    ["state", "not in", ["done", "cancel"]]]):
            warehouse.call("stock.move", "write", picking["move_ids"], vals={"picked": True})
            warehouse.call("stock.picking", "button_validate", [picking["id"]])
    quality = person(told, "qa", SERVER.url, SERVER.database)
    if not quality.call("med.outsourcing.statement", "search_count", domain=[]):
        quality.call("med.outsourcing.statement", "create", [
            {"processor_id": one, "period": "year", "date_from": date.today().isoformat()}
            for one in quality.call("med.processor", "search", domain=[["state", "=", "approved"]])
        ])


def stop():
    """Stop the server and the private PostgreSQL cluster."""
    SERVER.stop()
    postgres.stop()
    say("Stopped.")
