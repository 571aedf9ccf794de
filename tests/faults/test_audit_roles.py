"""Who acts stays known on a real cursor, and what the roles of PostgreSQL may do to the trail."""

import json

import pytest

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
