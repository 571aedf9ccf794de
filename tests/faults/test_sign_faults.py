"""What must survive a rollback, and what must not slip through when many try at once."""

import threading
import time

import pytest

from lib.house import listening
from lib.rpc import JsonTwo, RpcError, XmlRpc

requirement = "P11-300d P11-70 P11-200a2 P11-300c"

WORLD = """
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
users = {name: env["res.users"].search([("login", "=", f"test_{name}")])
         for name in ("qa", "system_admin", "regulatory")}
env.invalidate_all()

def sign(record, user, meaning):
    record.with_user(user).med_sign(meaning, user.login, user.login)

grant = env["med.signature.grant"].with_user(users["system_admin"]).create({
    "user_id": users["qa"].id, "identity_method": "known", "identity_reference": "file 1",
    "meaning_id": env.ref("med_signature.med_signature_meaning_reviewed").id})
sign(grant, users["system_admin"], "verified")
sign(grant, users["qa"], "acknowledged")
sign(grant, users["regulatory"], "approved")
reviews = env["med.access.review"].with_user(users["qa"]).create([{
    "name": f"Fault {n}", "line_ids": [(0, 0, {"login": "x", "decision": "keep"})],
} for n in range(4)])
reviews.med_transition("start")
tell({"reviews": reviews.ids, "qa": users["qa"].id})
"""


@pytest.fixture
def press(site, world):
    """Sign a review as the person of QA; returns the sentence of the refusal, or the answer."""
    def sign(secret, number=0):
        caller = JsonTwo(site.url, site.database, site.users["regulatory"]["api_key"])
        try:
            return caller.call("med.access.review", "med_sign", [world["reviews"][number]],
                               meaning="reviewed", login="test_qa", secret=secret)
        except RpcError as error:
            return error.message
    return sign


@pytest.fixture
def unlocked(site):
    site.sql("ALTER TABLE med_signature_attempt DISABLE TRIGGER USER;"
             "DELETE FROM med_signature_attempt;"
             "ALTER TABLE med_signature_attempt ENABLE TRIGGER USER")


def failures(site, world):
    return int(site.sql("SELECT count(*) FROM med_signature_attempt WHERE outcome = 'failed'"
                        f" AND user_id = {world['qa']}")[0][0])


def test_wrong_secrets_are_counted_though_each_call_was_rolled_back(
        site, world, press, unlocked):
    told = [press("wrong") for _number in range(6)]
    assert failures(site, world) == 5
    assert "Signing is locked" in told[5]
    assert "Signing is locked" in press("test_qa")
    events = [row[0] for row in site.sql(
        "SELECT event FROM med_audit_entry WHERE op = 'E' AND model = 'res.users'"
        f" AND res_id = {world['qa']}")]
    assert events.count("signature_failed") >= 5
    assert "signing_locked" in events
    assert int(site.sql("SELECT count(*) FROM mail_message WHERE subject LIKE 'Signing locked%'"
                        )[0][0]) >= 1


def test_many_guesses_at_once_get_no_more_tries_than_one_after_another(
        site, world, press, unlocked):
    told, threads = [], []
    for number in range(16):
        guess = threading.Thread(target=lambda n=number: told.append(press(f"guess {n}")))
        threads.append(guess)
        guess.start()
    for guess in threads:
        guess.join()
    assert failures(site, world) == 5
    assert sum("Signing is locked" in one for one in told) == 11


def test_a_lock_survives_a_killed_server(site, world, press, unlocked):
    for _number in range(5):
        assert "The login id or the secret is wrong" in press("wrong")
    site.kill()
    while listening(site.server.port):  # its last thread is still ending
        time.sleep(0.1)
    site.start()
    assert "Signing is locked" in press("test_qa")


def test_a_place_signed_by_many_at_once_is_signed_once(site, world, press, unlocked):
    told, threads = [], []
    for _number in range(6):
        one = threading.Thread(target=lambda: told.append(press("test_qa", 1)))
        threads.append(one)
        one.start()
    for one in threads:
        one.join()
    assert sum(isinstance(one, dict) for one in told) == 1
    assert site.sql("SELECT count(*) FROM med_signature WHERE res_model = 'med.access.review'"
                    f" AND res_id = {world['reviews'][1]}") == [["1"]]


def test_the_database_superuser_is_refused_a_change_of_a_signature(site, world):
    for statement in ("UPDATE med_signature SET name = 'x'", "DELETE FROM med_signature",
                      "TRUNCATE med_signature",
                      "SET session_replication_role = replica; DELETE FROM med_signature"):
        with pytest.raises(Exception, match="not changed or removed"):
            site.as_superuser(statement)


def test_a_signature_written_by_sql_is_found_by_its_origin(site, world, client):
    [[row]] = site.sql(
        "INSERT INTO med_signature SELECT (jsonb_populate_record(s, jsonb_build_object("
        f"'id', nextval('med_signature_id_seq'), 'res_id', {world['reviews'][2]}))).*"
        " FROM med_signature s WHERE res_model = 'med.access.review' LIMIT 1 RETURNING id")[:1]
    told = client("qa").call("med.signature", "med_verify", [int(row)])
    assert told["valid"] is False
    assert told["signatures"][0]["status"] == "altered"
    assert told["signatures"][0]["origin"] == "database"
    [[true]] = site.sql("SELECT min(id) FROM med_signature WHERE res_model = 'med.access.review'"
                        f" AND res_id = {world['reviews'][1]}")
    told = client("qa").call("med.signature", "med_verify", [int(true)])
    assert told["signatures"][0]["origin"] == "json2"


def test_no_secret_is_in_the_log_of_a_server_that_logs_everything(site, world, unlocked):
    secret = "a-secret-that-is-nowhere-else"
    site.server.stop()
    site.server.start("--max-cron-threads=0", "--log-level=debug",
                      "--log-handler=odoo.sql_db:DEBUG")
    try:
        begin = site.server.log.stat().st_size
        # XML-RPC, as the web client, goes by the way that logs arguments
        caller = XmlRpc(site.url, site.database, site.users["qa"]["id"],
                        site.users["qa"]["api_key"])
        for model, method, records, arguments in (
            ("med.access.review", "med_sign", [world["reviews"][0]],
             {"meaning": "reviewed", "login": "test_qa", "secret": secret, "code": "918273"}),
            ("med.signature.secret", "med_set_pin", None, {"pin": "918273", "secret": secret}),
        ):
            with pytest.raises(RpcError):
                caller.call(model, method, records, **arguments)
        with open(site.server.log, errors="replace") as log:
            log.seek(begin)
            told = log.read()
    finally:
        site.server.stop()
        site.start()
    assert "med_sign(…)" in told
    assert secret not in told
    assert "918273" not in told
