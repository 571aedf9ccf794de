"""Beside OCA's auditlog and queue_job in one database: each works, and ours misses nothing."""

import json
import urllib.request

import pytest

from lib import odoo
from lib.house import LOGS

requirement = "P11-10e-1 A1 X7"


@pytest.fixture(scope="module")
def beside(site):
    """A partner that both trails watch, and a job that is about to change it."""
    site.server.stop()
    odoo.call("server", site.database, "-i", "auditlog,queue_job", "--stop-after-init",
              "--no-http", log=LOGS / "beside.log")
    told = site.told("""
env["auditlog.rule"].create({
    "name": "Partners", "model_id": env["ir.model"]._get_id("res.partner"), "log_type": "full",
    "log_write": True, "log_create": True, "log_unlink": True, "log_read": False,
}).set_to_confirmed()
partner = env["res.partner"].create({"name": "Watched twice"})
qa = env["res.users"].search([("login", "=", "test_qa")])
qa.group_ids += env.ref("base.group_partner_manager")
job = partner.with_user(qa).with_delay().action_archive()
env.flush_all()
env.cr.execute("UPDATE queue_job SET state = 'enqueued' WHERE uuid = %s", [job.uuid])
assert env.cr.rowcount == 1
tell({"partner": partner.id, "job": job.uuid})
""")
    site.start()
    return told


def entries(site, partner):
    return [json.loads(body) for [body] in site.sql(
        f"SELECT body FROM med_audit.entry WHERE model = 'res.partner' AND res_id = {partner}"
        " AND op = 'U' ORDER BY id")]


def test_a_write_is_in_both_trails(site, client, beside):
    client("qa").call("res.partner", "write", [beside["partner"]], vals={"city": "Both"})
    entry = entries(site, beside["partner"])[-1]
    assert entry[15]["city"] == "Both" and entry[9] == site.users["qa"]["id"]
    [[lines]] = site.sql("SELECT count(*) FROM auditlog_log_line WHERE new_value = 'Both'")
    assert int(lines) == 1


def test_a_job_acts_for_the_person_who_asked_for_it(site, beside):
    urllib.request.urlopen(f"{site.url}/queue_job/runjob?db={site.database}"
                           f"&job_uuid={beside['job']}", timeout=60).read()
    entry = entries(site, beside["partner"])[-1]
    assert entry[15]["active"] == "f"
    assert entry[11]["origin"] == "job" and entry[9] == site.users["qa"]["id"]


def test_no_table_of_theirs_takes_a_trigger_of_ours_away(site, beside):
    assert site.sql("SELECT tbl FROM med_audit.expected() WHERE problem IS NOT NULL") == []
