"""Who acts, told to PostgreSQL as settings of the session, where the audit triggers read them.

A setting made in a transaction goes with it when it rolls back, so it is made again then; once
committed it holds until the connection is given back to the pool, which resets it.
"""

import json
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from functools import partial

from odoo.http import request
from odoo.sql_db import Cursor
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from .. import sealer

_current = ContextVar("med_audit_person", default=None)


@dataclass(frozen=True)
class Person:
    """Somebody acting: ``uid`` (None: not signed in), and how he reached us.

    ``what`` is the method or path that was called, ``key`` the name of the API key used,
    ``message`` what another system sent that is being carried out (see med_exchange).
    """

    uid: int | None = None
    login: str = ""
    origin: str = "web"
    what: str = ""
    key: str = ""
    ip: str = ""
    message: str = ""

    def details(self):
        """Return the JSON text that becomes part of each entry; what is empty is left out."""
        return json.dumps(
            {name: value for name, value in sorted(asdict(self).items())
             if value and name != "uid"},
            ensure_ascii=False, separators=(",", ":"),
        )


def current():
    """Return the Person for whom this thread works, or None."""
    return _current.get()


def bind(cr, person):
    """Let every change over the cursor ``cr`` be that of ``person``, after a rollback too."""
    _set(cr, person)
    if isinstance(cr, Cursor):  # the cursor of a test never ends its transaction
        cr.postrollback.add(partial(_bind_again, cr, person))
    wake_sealer(cr)


def _set(cr, person):
    cr.execute(
        "SELECT set_config('med_audit.uid', %s, false), set_config('med_audit.person', %s, false)",
        [str(person.uid or ""), person.details()],
    )


def _bind_again(cr, person):
    """Make the settings of a cursor that was rolled back again, this time beyond rollbacks."""
    if "_obj" in vars(cr):  # not while it is being closed
        _set(cr, person)
        cr.connection.commit()


def wake_sealer(cr):
    """Have the entries of this transaction sealed soon after it is committed."""
    sealer.watch(cr)


def of_request(env, **details):
    """Return the Person behind the current request, as far as it is authenticated."""
    return Person(**{
        "uid": env.uid or None, "login": env.user.sudo().login if env.uid else "",
        "ip": request.httprequest.remote_addr or "",
        "key": getattr(request, "med_audit_key", ""), **details,
    })


@contextmanager
def acting(cr, person):
    """Let ``person`` act over ``cr`` from now on, over new cursors for the time of a block."""
    token = _current.set(person)
    try:
        bind(cr, person)
        yield
    finally:
        _current.reset(token)


@contextmanager
def speaking(cr, message):
    """Let what changes over ``cr`` within a block be entered as done by an exchange's message.

    What the ORM holds back is the caller's to flush, before and at the end of the block. When
    the transaction rolls back altogether the settings are made again without the message.

    :param str message: partner and message, ``CODE/id``, or the first of many, ``CODE#12``
    :return: function that takes another message, which is carried out from there on
    """
    cr.execute("SELECT coalesce(nullif(current_setting('med_audit.person', true), ''), '{}')")
    [before] = cr.fetchone()
    person = json.loads(before) or {"origin": "database"}
    # Of the session, as all settings of a person: a savepoint that rolls back takes it away too.
    setting = "SELECT set_config('med_audit.person', %s, false)"

    def say(message):
        cr.execute(setting, [json.dumps({**person, "message": message}, ensure_ascii=False,
                                        separators=(",", ":"), sort_keys=True)])
    say(message)
    try:
        yield say
    finally:
        if cr.connection.info.transaction_status != TRANSACTION_STATUS_INERROR:
            cr.execute(setting, [before if before != "{}" else ""])


def of_cursor(registry):
    """Return the Person of a new cursor: that of the request or job, or of a shell."""
    person = current()
    if person and not registry.ready:
        return replace(person, origin="install")
    if not person and getattr(sys.modules.get("odoo.cli"), "COMMAND", None) == "shell":
        return Person(origin="shell", login=_system_user())
    return person


def installing(cr):
    """Bind the cursor over which addons are loaded, which is open before this addon is there."""
    if not cr.cache.setdefault("med_audit_installing", False):
        cr.cache["med_audit_installing"] = True
        bind(cr, replace(current() or Person(login=_system_user()), origin="install"))


def _system_user():
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def follow(registry):
    """Have every new cursor of ``registry`` bound to the Person of its thread."""
    cursor = registry.cursor
    if hasattr(cursor, "med_audit"):
        return

    def bound_cursor(readonly=False):
        cr = cursor(readonly=readonly)
        if person := of_cursor(registry):
            bind(cr, person)
        return cr

    bound_cursor.med_audit = True
    registry.cursor = bound_cursor


def enter_call(env, secret):
    """Bind the user of an XML-RPC or JSON-RPC call, and the API key if ``secret`` is one."""
    if called := current():
        person = replace(called, uid=env.uid, login=env.user.sudo().login,
                         key=key_name(env, secret[:8]))
        _current.set(person)  # until the block of the request ends
        bind(env.cr, person)


def key_name(env, index):
    """Return the name of the user's API key that begins with ``index``, or an empty text.

    What may be the beginning of a password is in no statement, since those may be logged.
    """
    env.cr.execute("SELECT index, name FROM res_users_apikeys WHERE user_id = %s", [env.uid])
    return dict(env.cr.fetchall()).get(index, "")
