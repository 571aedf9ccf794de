"""Who acts stays known on a real cursor, and what the roles of PostgreSQL may do to the trail."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from audit_log import connect
from lib.house import Failure

requirement = "P11-10e-1 P11-10e-2 A1 A2 LOG-10"


def test_the_person_is_known_again_after_a_rollback(site):
    known = site.told("""
known = []
def look():
    env.cr.execute("SELECT current_setting('med_audit.person', true)")
    known.append(env.cr.fetchone()[0])
look()
env.cr.rollback()
look()
env.cr.commit()
env.cr.rollback()
env.cr.rollback()
look()
tell(known)
""")
    assert [json.loads(one)["origin"] for one in known] == ["shell"] * 3


def test_neither_refusal_nor_capture_is_silenced_as_for_replication(site):
    with pytest.raises(Failure, match="append-only"):
        site.as_superuser("SET session_replication_role = replica; DELETE FROM med_audit.entry")
    site.as_superuser("SET session_replication_role = replica;"
                       " UPDATE res_partner SET city = 'replica' WHERE id = 1")
    [[city]] = site.sql("SELECT body::json -> 15 ->> 'city' FROM med_audit.entry"
                        " WHERE model = 'res.partner' AND res_id = 1 ORDER BY id DESC LIMIT 1")
    assert city == "replica"


def test_a_store_of_another_role_is_used_as_it_is_or_refused_when_it_is_older(site):
    prepare = "from odoo.addons.med_audit import store\nstore.prepare(env)\nprint('PREPARED')"
    [[role]] = site.sql("SELECT current_user")
    site.as_superuser("CREATE ROLE med_test_owner; ALTER SCHEMA med_audit OWNER TO med_test_owner;"
                       f" GRANT USAGE ON SCHEMA med_audit TO {role}")
    try:
        assert "PREPARED" in site.shell(prepare)
        site.as_superuser("COMMENT ON SCHEMA med_audit IS 'med_audit 0'")
        with pytest.raises(Failure, match=r"owner\.sql"):
            site.shell(prepare)
    finally:
        site.as_superuser(
            f"ALTER SCHEMA med_audit OWNER TO {role}; DROP ROLE med_test_owner")


def test_of_two_processes_that_start_together_one_puts_the_triggers_right(site):
    """The one that comes second finds the work done: it starts, and audits."""
    site.as_superuser("DROP TRIGGER med_audit_capture ON res_partner")
    winner = connect(site.database)
    with ThreadPoolExecutor() as pool:
        with winner, winner.cursor() as cr:
            cr.execute("""SELECT med_audit.attach(tbl, model, id_col, secrets, digests, quiet, skip)
                            FROM med_audit.target WHERE tbl = 'res_partner'""")
            assert cr.fetchone() == (True,)
            second = pool.submit(site.told, """
env.ref("base.main_partner").city = "second"
tell(env["ir.cron.trigger"].search_count([("cron_id", "=", env.ref("med_audit.ir_cron_check").id)]))
""")
            for _try in range(600):
                waiting = site.sql("SELECT count(*) FROM pg_locks l JOIN pg_database d"
                                   " ON d.oid = l.database AND d.datname = current_database()"
                                   " WHERE NOT l.granted")
                if waiting != [["0"]] or second.done():
                    break
                time.sleep(0.1)
            assert waiting == [["1"]], "the second process was not seen to wait"
        assert second.result() >= 1
    winner.close()
    [[city]] = site.sql("SELECT body::json -> 15 ->> 'city' FROM med_audit.entry"
                        " WHERE model = 'res.partner' ORDER BY id DESC LIMIT 1")
    assert city == "second"
