"""Sealing, verification and reading of the audit trail at one million entries.

MED_BENCH_ENTRIES=n makes n entries instead of a million.
"""

import os
import tempfile
import time
from pathlib import Path

import support
from support import say

ENTRIES = int(os.environ.get("MED_BENCH_ENTRIES", "1000000"))
RECORDS = ENTRIES // 50
"""Entries are spread over so many records; every record has 50."""

FILL = """
    SELECT count(med_audit.store('U', 'res.partner', (i %% %(records)s) + 1, 'res_partner', '1',
        '{"name":"Old name of ' || i || '","phone":"+86 21 5555 0000",'
            || '"write_date":"2026-11-22 03:57:17.123456"}',
        '{"name":"New name of ' || i || '","phone":null,'
            || '"write_date":"2026-11-22 03:58:17.123456"}'))
      FROM generate_series(%(begin)s, %(end)s) i"""
PERSON = ('{"login":"demo@example.com","origin":"web",'
          '"what":"/web/dataset/call_kw/res.partner/write","ip":"10.1.2.3"}')


def bench():
    figures = support.Figures("seal")
    with (support.databases(seal=support.template()), tempfile.TemporaryDirectory() as folder,
          support.open_database("seal", user=1) as env):
        figures.about = support.server(env.cr)
        keys = begin(env, Path(folder))
        fill(env)
        seal(env, keys, figures)
        verify(env, keys, figures)
        prove(env, figures)
        history(env, figures)
    figures.show()


def begin(env, folder):
    """Give the database a log and a key of its own, so that the template's is left alone."""
    from odoo.addons.med_audit import keys, sealer
    sealer.watch = lambda _cr: None
    known = keys.public(env["med.audit.checkpoint"]._log_id())
    keys.path = lambda log: folder / f"{log}.key"
    env.cr.execute("SELECT med_audit.new_log('copy')::text")
    [log] = env.cr.fetchone()
    keys.path(log).with_suffix(".pub").write_text(known)
    keys.add(log)
    env.cr.commit()
    return keys


def fill(env):
    with support.step(f"Writing {ENTRIES:,} entries"):
        for first in range(1, ENTRIES + 1, 50_000):
            env.cr.execute("SELECT set_config('med_audit.uid', '2', false),"
                           " set_config('med_audit.person', %s, false)", [PERSON])
            env.cr.execute(FILL, {"records": RECORDS, "begin": first,
                                  "end": min(first + 49_999, ENTRIES)})
            env.cr.commit()
        env.cr.execute("ANALYZE med_audit.entry")
        env.cr.commit()


def seal(env, keys, figures):
    from odoo.addons.med_audit.models.med_audit_entry_proof import raw
    from odoo.addons.med_audit.tools import sealing
    signers = keys.signers(env["med.audit.checkpoint"]._log_id())
    env.cr.commit()
    support.reset_peak()
    before = support.resident(env.cr)[0]

    def run():
        sealed = 0
        while True:
            done = sealing.seal(raw(env.cr), signers, limit=200_000)
            env.cr.commit()
            sealed += done.sealed
            if not done.more:
                return sealed
    work = support.timed(env.cr, run)
    rate = work.result / work.seconds
    figures.add("sealing", rate, "1/s", "at least 20,000", rate >= 20_000)
    figures.add("sealing, by processor time of both", work.result / work.cpu, "1/s")
    figures.add("sealing, growth of memory", support.resident(env.cr)[1] - before, "MB")
    env.cr.execute("ANALYZE med_audit.leaf")
    env.cr.commit()


def verify(env, keys, figures):
    """The chain: every hash, link, head, root and signature; then every body parsed as well."""
    from odoo.addons.med_audit.models.med_audit_entry_proof import raw
    from odoo.addons.med_audit.tools import store
    public = keys.public_keys(env["med.audit.checkpoint"]._log_id())
    for thorough, what in ((False, "verification"), (True, "verification, every body read")):
        rates, own, peaks = [], [], []
        for _ in range(3 if not thorough else 1):
            support.reset_peak()
            before = support.resident(env.cr)[0]
            cpu, clock = time.process_time(), time.perf_counter()
            chain = store.verify(store.Store(raw(env.cr)), public, thorough=thorough)
            clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
            rates.append(chain.tree.size / clock)
            own.append(chain.tree.size / cpu)
            peaks.append(support.resident(env.cr)[1] - before)
            env.cr.rollback()
        rate = support.median(own)
        if thorough:
            figures.add(what, rate, "1/s")
            continue
        figures.add("entries verified", chain.tree.size, "")
        figures.add(f"{what}, one core of the verifier", rate, "1/s", "at least 200,000",
                    rate >= 200_000)
        figures.add(f"{what}, by the clock, reading included", support.median(rates), "1/s")
        figures.add(f"{what}, growth of memory", max(peaks), "MB", "flat", max(peaks) < 60)


def prove(env, figures):
    entries = env["med.audit.entry"].search([("model", "=", "res.partner")], limit=9)
    took = []
    for entry in entries:
        begin = time.perf_counter()
        assert env["med.audit.entry"].prove(entry=str(entry.id))["sealed"]
        took.append(time.perf_counter() - begin)
    figures.add("inclusion proof of one entry", support.median(took) * 1000, "ms")


def history(env, figures):
    """What the timeline of a record asks, newest 40 entries of those it has."""
    partners = env["res.partner"].with_context(active_test=False).search([], limit=15)
    took = []
    for partner in partners.ids:
        env.invalidate_all()
        begin = time.perf_counter()
        answer = env["med.audit.entry"].history(model="res.partner", res_id=partner, limit=40)
        took.append(time.perf_counter() - begin)
        assert len(answer["entries"]) == 40, len(answer["entries"])
    milliseconds = support.median(took[1:]) * 1000
    figures.add("history of a record, 40 entries", milliseconds, "ms", "at most 20",
                milliseconds <= 20)
    say(f"  the slowest: {max(took) * 1000:.1f} ms")


support.main(bench)
