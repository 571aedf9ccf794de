"""kill -9 of Odoo, and of PostgreSQL, in the middle of each step from finding lots to sending mail.

Nothing is half done. No notice is there twice, none is missing. A mail is delivered at least once:
what the mail server had taken when the sender died, before anybody wrote that down, is sent again,
with the same Message-ID. SMTP has no other way to tell (RFC 5321, 4.5.4.1 and RFC 1047).
"""

import contextlib
import queue
import sys
import threading
from collections import Counter, defaultdict
from pathlib import Path

import psycopg2
import pytest

from lib.rpc import RpcError

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS.parent / "addons" / "med_recall_notice" / "tests"))
from smtp_server import SmtpServer  # noqa: E402

requirement = "CN-RC-5 FDA-7.49 TRC-6 C6"

OWN_CLUSTER = True
CONSIGNEES = 510  # more than the job writes in one transaction, which is 500
LOTS = 1200
WORLD = "".join((TESTS / name).read_text() for name in ("trace_flow.py", "recall_flow.py")) + f"""
flow, people = Flow(env), RecallFlow(env)
env.company.email = "maker@example.com"
supplier = env["res.partner"].create({{"name": "Kill supplier"}})
stent = flow.product("Kill stent")
stent.med_controlled = True
env["med.gate"].create({{"product_tmpl_id": stent.product_tmpl_id.id, "mode": "observe"}})
told = {{}}
for name in ("server", "database"):
    [lot] = flow.lots(stent, f"kill-{{name}}")
    flow.receive([(lot, 2)], supplier)
    first = env["res.partner"].create({{
        "name": "First", "email": f"{{lot.name}}.first@example.com",
        "country_id": env.ref("base.cn").id}})
    flow.picking([(lot, 1)], first)._action_done()
    consignees(env, lot, {CONSIGNEES} - 1)
    many = env["stock.lot"].create([
        {{"name": f"KILL-{{name}}-{{n}}", "product_id": stent.id}} for n in range({LOTS} - 1)])
    recall = people.assessed(lot + many)
    people.letter(recall)
    told[name] = recall.id
told["jobs"] = {{name: env.ref(name).id for name in (
    "med_recall_notice.med_recall_notice_cron_write", "mail.ir_cron_mail_scheduler_action")}}
tell(told)
"""


def server_dies(site):
    site.kill()
    return site.start


def database_dies(site):
    site.cluster.kill()
    return site.cluster.start


both = pytest.mark.parametrize("dies", [server_dies, database_dies])


@pytest.fixture(scope="module")
def postbox(site):
    """The mail server that the site sends to."""
    server = SmtpServer()
    server.up()
    site.told(f"""
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({{"name": "test", "smtp_host": "127.0.0.1", "smtp_port": {server.port},
                              "smtp_encryption": "none"}})
env["mail.mail"].search([]).write({{"state": "cancel"}})
tell(0)
""")
    yield server
    server.end()


def attempt(call):
    """Call; return whether it was answered. It may meet a server or a session that has gone."""
    try:
        call()
        return True
    except (RpcError, OSError):
        return False


def insist(call):
    """Call until it is answered, as whoever saw an error does."""
    for _try in range(5):
        if attempt(call):
            return
    call()


def writing(site):
    """Whether a transaction has written something that is not committed."""
    return site.sql("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                    " AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()")


def waiting(site):
    """Whether a transaction waits for another."""
    return site.sql("SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock'")


def killed(site, dies, call, delay, when=writing):
    """Begin a call, let something die so long after the moment, and let it come back."""
    thread = threading.Thread(target=attempt, args=[call])
    thread.start()
    while thread.is_alive() and not when(site):
        thread.join(0.01)
    thread.join(delay)
    again = dies(site)
    thread.join(60)
    assert not thread.is_alive()
    again()


def one(site, statement):
    return [int(value) for value in site.sql(statement)[0]]


def found(site, recall):
    """How many versions, lots in them, and lots held, there are; all or nothing."""
    versions, lots, held, counted = one(site, f"""
        SELECT (SELECT count(*) FROM med_recall_scope WHERE recall_id = {recall}),
               (SELECT count(*) FROM med_recall_scope_line WHERE recall_id = {recall}),
               (SELECT count(*) FROM med_hold_line n JOIN med_hold h ON h.id = n.hold_id
                 WHERE h.source_model = 'med.recall' AND h.source_id = {recall} AND n.open),
               (SELECT count(*) FROM stock_lot l WHERE coalesce(med_hold_count, 0) <> (
                   SELECT count(*) FROM med_hold_line h WHERE h.lot_id = l.id AND h.open))""")
    assert (lots, held, counted) == (LOTS * versions, LOTS * versions, 0)
    return versions


def decided(site, recall):
    """Whether it is decided, frozen, signed, and everybody has his notice; all or nothing."""
    state, frozen, signed, consignees, notices, told = one(site, f"""
        SELECT (SELECT count(*) FROM med_recall WHERE id = {recall} AND state = 'decided'),
               (SELECT count(*) FROM med_recall_scope
                 WHERE recall_id = {recall} AND state = 'frozen'),
               (SELECT count(*) FROM med_signature WHERE res_model = 'med.recall'
                   AND res_id = {recall} AND transition = 'decide'),
               (SELECT count(*) FROM med_recall_consignee WHERE recall_id = {recall}),
               count(*), count(DISTINCT consignee_id)
          FROM med_recall_notice WHERE recall_id = {recall}""")
    assert (frozen, signed, consignees, notices, told) == (
        state, state, CONSIGNEES * state, CONSIGNEES * state, CONSIGNEES * state)
    return state


def draw(client, recall):
    return lambda: client("regulatory").call("med.recall", "draw", [recall])


def decide(client, recall):
    return lambda: client("regulatory").call(
        "med.recall", "med_sign", [recall], meaning="approved", login="recall_decider",
        secret="recall_decider", transition="decide")


def job(client, world, name):
    return lambda: client("admin").call("ir.cron", "method_direct_trigger", [world["jobs"][name]])


@both
def test_finding_holding_and_freezing_is_done_whole_or_not_at_all(site, client, world, dies):
    recall = world[dies.__name__.removesuffix("_dies")]
    for step, state in ((draw, found), (decide, decided)):
        killed(site, dies, step(client, recall), 0)
        assert state(site, recall) == 0
        killed(site, dies, step(client, recall), 0.7)
        if not state(site, recall):
            insist(step(client, recall))
        assert state(site, recall) == 1
    assert found(site, recall) == 1


@both
def test_no_notice_is_there_twice_or_lost_and_a_mail_leaves_at_least_once(
        site, client, world, postbox, dies):
    name = dies.__name__.removesuffix("_dies")
    recall = world[name]
    if not decided(site, recall):
        insist(draw(client, recall))
        insist(decide(client, recall))

    def states():
        return dict(site.sql("SELECT state, count(*) FROM med_recall_notice"
                             f" WHERE recall_id = {recall} GROUP BY 1"))

    def mails():
        """Mails there are, and those that a notice knows; each is of one notice."""
        there, known, twice = one(site, f"""
            SELECT (SELECT count(*) FROM mail_mail
                     WHERE email_to LIKE 'kill-{name}.%'),
                   count(n.mail_id), count(n.mail_id) - count(DISTINCT n.mail_id)
              FROM med_recall_notice n WHERE n.recall_id = {recall}""")
        assert (there, twice) == (known, 0)
        return known

    def send():
        client("regulatory").call("med.recall", "send_notices", [recall])
    write = job(client, world, "med_recall_notice.med_recall_notice_cron_write")
    mail = job(client, world, "mail.ir_cron_mail_scheduler_action")

    with contextlib.closing(psycopg2.connect(dbname=site.database)) as other:  # holds it half way
        other.cursor().execute("SELECT FROM med_recall_notice WHERE id = (SELECT max(id) FROM"
                               f" med_recall_notice WHERE recall_id = {recall}) FOR UPDATE")
        killed(site, dies, send, 0, when=waiting)
    assert states() == {"prepared": str(CONSIGNEES)}
    insist(send)
    insist(send)  # whoever lost the answer asks again
    assert states() == {"queued": str(CONSIGNEES)}

    killed(site, dies, write, 0)  # it has locked the first of them: no machine is done by then
    assert mails() in (0, 500)
    killed(site, dies, write, 0, when=lambda _site: mails() >= 500)
    assert mails() in (500, CONSIGNEES)
    insist(write)
    insist(write)
    assert mails() == CONSIGNEES

    begun, deaths = len(postbox.received), (20, 150)
    for count in deaths:
        again = queue.Queue()

        def taken(number, last=begun + count, again=again):
            if number == last:
                again.put(dies(site))
        postbox.taken = taken
        attempt(mail)
        again.get(timeout=60)()
    postbox.taken = lambda number: None
    for _try in range(5):
        insist(mail)
        if states() == {"sent": str(CONSIGNEES)}:
            break
    assert states() == {"sent": str(CONSIGNEES)}
    got, names = Counter(), defaultdict(set)
    for address, message in postbox.received[begun:]:
        if address.startswith(f"kill-{name}."):
            got[address] += 1
            names[address].add(message["Message-Id"])
    assert len(got) == CONSIGNEES
    # The mail that was taken at the moment of a death, and no other.
    assert {address: count for address, count in got.items() if count > 1} == {
        postbox.received[begun + count - 1][0]: 2 for count in deaths}
    assert {len(some) for some in names.values()} == {1}
