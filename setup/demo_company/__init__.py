"""The demonstration company: fictional throughout, made through Odoo's own documents.

`load(env)` runs in `odoo shell` on a database that has no company of its own yet; the same seed
and end date give the same history on the same addons (passwords apart). See docs/demo.md.
"""

import json
import random
from datetime import date

import freezegun.api
from dateutil.relativedelta import relativedelta
from odoo.exceptions import UserError

from .catalogue import PEOPLE
from .clock import Clock, Timeline, WorkingDays, at_hour
from .documents import CannotPost, Documents
from .going_live import go_live
from .history import History
from .master_data import MasterData

__all__ = ["CannotPost", "is_loaded", "load", "stories"]

MONTHS = 18
NEEDED = ("purchase_stock", "sale_stock", "mrp", "product_expiry", "repair", "mrp_subcontracting",
          "med_release", "med_nonconformity", "med_outsourcing_exchange")
STORY, LOADED = "med_demo.story", "med_demo.loaded"


def is_loaded(env):
    """Whether this database holds the demonstration company."""
    return bool(env["ir.config_parameter"].sudo().get_param(LOADED))


def stories(env):
    """{story: {"text", "lots": [{"id", "name", "product"}], "documents": [row]}}

    A row of documents is {"model", "id", "name"}.
    """
    return json.loads(env["ir.config_parameter"].sudo().get_param(STORY) or "{}")


def load(env, progress=print, end=None, seed=952):
    """Make the demonstration company and commit it, all or nothing.

    :param progress: called with one line of text at each step
    :param end: the day (`datetime.date`) at whose start, in UTC, the history ends; today if None
    :return: {"logins": [{"login", "password", "role", "name"}], "stories": as `stories()`,
        "processors": {part: key} for `setup/partner_demo`}
    :raises UserError: the database lacks an addon or is loaded already
    """
    if is_loaded(env):
        raise UserError("This database holds the demonstration company already.")
    missing = set(NEEDED) - set(env["ir.module.module"].search(
        [("state", "=", "installed")]).mapped("name"))
    if missing:
        raise UserError(f"Install first: {', '.join(sorted(missing))}")
    env = env(su=True)
    end = end or date.today()
    days = WorkingDays()
    start = days.on_or_after(end - relativedelta(months=MONTHS))
    began = freezegun.api.real_monotonic()

    def report(text):
        progress(f"[{freezegun.api.real_monotonic() - began:5.0f} s] {text}")

    try:
        with Clock(env, at_hour(start, 8)) as clock:
            master = MasterData(env)
            password = master.create(report)
            docs = Documents(env, clock, master)
            timeline = Timeline(at_hour(end, 8))
            told = History(docs, timeline, days, random.Random(seed), start, report).run()
            parameters = env["ir.config_parameter"]
            parameters.set_param(STORY, json.dumps(told, ensure_ascii=False))
            parameters.set_param(LOADED, f"{end.isoformat()} seed {seed}")
            env.flush_all()
            env.cr.precommit.run()
        env.cr.commit()
        keys = go_live(env, password, told, report)
        parameters.set_param(STORY, json.dumps(told, ensure_ascii=False))
        env.cr.commit()
    except BaseException:
        env.cr.rollback()
        raise
    logins = [{"login": login, "password": password, "role": role, "name": name}
              for login, (role, name, _groups) in PEOPLE.items()]
    report(f"{len(logins)} logins, one password for all of them: {password}")
    return {"logins": logins, "stories": told, "processors": keys}
