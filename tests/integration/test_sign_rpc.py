"""Signing as another program does it: with the person's own login and secret, never by a key.

One table of forgeries, each over XML-RPC and JSON-2, as every role.
"""


import pytest

from lib.rpc import RpcError

requirement = "P11-10f P11-10g P11-200a1 P11-200a2 P11-200a3 S1 S3"

WORLD = """
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
users = {name: env["res.users"].search([("login", "=", f"test_{name}")])
         for name in ("qa", "system_admin", "regulatory", "qa_release", "viewer")}
second = users["qa"].copy({"name": "Second QA", "login": "test_qa_second", "password": "second"})
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
env.invalidate_all()

def sign(record, user, meaning, secret=None):
    record.with_user(user).med_sign(meaning, user.login, secret or user.login)

def grant(user, meaning, secret=None):
    one = env["med.signature.grant"].with_user(users["system_admin"]).create({
        "user_id": user.id, "identity_method": "known", "identity_reference": "file 1",
        "meaning_id": env.ref(f"med_signature.med_signature_meaning_{meaning}").id})
    sign(one, users["system_admin"], "verified")
    sign(one, user, "acknowledged", secret)
    sign(one, users["regulatory"], "approved")
    return one

def review(name):
    one = env["med.access.review"].with_user(users["qa"]).create({
        "name": name, "line_ids": [(0, 0, {"login": "somebody", "decision": "keep"})]})
    one.med_transition("start")
    return one.id

for meaning in ("reviewed", "approved"):
    granted = grant(users["qa"], meaning)
grant(second, "approved", "second")
signed = review("Signed")
sign(env["med.access.review"].browse(signed), users["qa"], "reviewed")
tell({"reviews": [review(f"RPC {n}") for n in range(12)], "signed": signed,
        "grant": granted.id, "policy": env["med.audit.policy"].search([], limit=1).id,
        "row": env["med.signature"].search([], limit=1).id})
"""


@pytest.fixture
def review(world):
    """An access review that nobody has signed."""
    return world["reviews"].pop()


def state(site, review):
    return site.sql(f"SELECT state FROM med_access_review WHERE id = {review}")[0][0]


def rows(site, review):
    return int(site.sql("SELECT count(*) FROM med_signature WHERE res_model = 'med.access.review'"
                        f" AND res_id = {review}")[0][0])


def test_two_people_close_a_review_each_with_login_and_secret(site, rpc, review):
    first = rpc("qa").call("med.access.review", "med_sign", [review], meaning="reviewed",
                           login="test_qa", secret="test_qa")
    assert first["version"] == 1
    [one] = first["signatures"]
    assert one["state"] == "in_review"
    assert one["digest"].startswith("sha256:")
    second = rpc("qa").call("med.access.review", "med_sign", [review], meaning="approved",
                            login="test_qa_second", secret="second")
    assert second["signatures"][0]["state"] == "closed"
    told = rpc("viewer").call("med.signature", "med_verify", [one["id"]])
    assert told["valid"] is True, told
    assert rows(site, review) == 2


def test_what_is_shown_is_what_is_signed(rpc, review):
    shown = rpc("qa").call("med.access.review", "med_sign_preview", [review])
    [step] = shown["records"][0]["steps"]
    told = rpc("qa").call("med.access.review", "med_sign", [review], meaning=step["meaning"],
                          login="test_qa", secret="test_qa", digests=[step["digest"]])
    assert told["signatures"][0]["digest"] == step["digest"]


FORGERIES = {
    "key alone": lambda key: {"login": "", "secret": ""},
    "no login": lambda key: {"login": "", "secret": "test_qa"},
    "api key as secret": lambda key: {"login": "test_qa", "secret": key},
    "another's login with one's own secret": lambda key: {
        "login": "test_qa_second", "secret": "test_qa"},
    "unknown login": lambda key: {"login": "nobody at all", "secret": "test_qa"},
    "secret of a wrong kind": lambda key: {"login": "test_qa", "secret": ["test_qa"]},
    "second person without a session": lambda key: {
        "login": "test_qa", "secret": "test_qa", "second": True},
    "no such way": lambda key: {"login": "test_qa", "secret": "test_qa", "by": "token"},
    "meaning not asked for": lambda key: {
        "login": "test_qa", "secret": "test_qa", "meaning": "approved"},
    "no right to sign": lambda key: {"login": "test_viewer", "secret": "test_viewer"},
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_is_refused_in_one_sentence(site, rpc, world, refused, forgery):
    review = world["reviews"][0]
    arguments = FORGERIES[forgery](site.users["qa"]["api_key"])
    hostile = {"med_permit": True, "permit": "closed", "su": True, "uid": 1}
    with refused("user" if forgery != "no right to sign" else "access") as caught:
        rpc("qa").call("med.access.review", "med_sign", [review], context=hostile,
                       **{"meaning": "reviewed", **arguments})
    assert caught.value.kind == "access" or "\n" not in caught.value.message.strip()
    assert rows(site, review) == 0
    assert state(site, review) == "in_review"


ATTACKS = {
    "write a state": lambda w: (
        "med.access.review", "write", [w["reviews"][0]], {"vals": {"state": "closed"}}),
    "be born in a state": lambda w: (
        "med.access.review", "create", None, {"vals_list": [{"state": "closed"}]}),
    "import a state": lambda w: (
        "med.access.review", "load", None,
        {"fields": ["name", "state"], "data": [["x", "closed"]]}),
    "write a round": lambda w: (
        "med.access.review", "write", [w["reviews"][0]], {"vals": {"med_signature_round": 9}}),
    "skip a step": lambda w: (
        "med.access.review", "med_transition", [w["reviews"][0]],
        {"name": "reopen", "reason": "x"}),
    "step without signature": lambda w: (
        "med.access.review", "med_transition", [w["reviews"][0]], {"name": "close"}),
    "write a signature": lambda w: (
        "med.signature", "write", [w["row"]], {"vals": {"name": "x"}}),
    "make a signature": lambda w: (
        "med.signature", "create", None, {"vals_list": [{"name": "x"}]}),
    "remove a signature": lambda w: ("med.signature", "unlink", [w["row"]], {}),
    "change a right": lambda w: (
        "med.signature.grant", "write", [w["grant"]], {"vals": {"valid_to": "2999-01-01"}}),
    "remove a signed record": lambda w: ("med.access.review", "unlink", [w["signed"]], {}),
    "lift a lock by a row": lambda w: (
        "med.signature.attempt", "create", None, {"vals_list": [{"outcome": "lifted"}]}),
    "own the password": lambda w: (
        "res.users", "write", [2], {"vals": {"med_password_temporary": False}}),
    "a private method": lambda w: (
        "med.access.review", "_med_lock", [w["reviews"][0]], {}),
    "change a policy": lambda w: (
        "med.audit.policy", "write", [w["policy"]], {"vals": {"active": False}}),
}
ROLES = ("viewer", "operator", "inspector", "qa", "qa_release", "regulatory", "auditor",
         "system_admin", "portal_dealer", "admin")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_role_gets_past_the_guards(site, rpc, world, attack):
    model, method, records, arguments = ATTACKS[attack](world)
    before = site.sql("SELECT md5(string_agg(s::text, ',' ORDER BY id)) FROM med_signature s")
    for role in ROLES:
        try:
            told = rpc(role).call(model, method, records, context={
                "default_state": "closed", "install_mode": True, "med_permit": 1}, **arguments)
        except RpcError as error:
            assert error.kind in ("user", "access", "denied"), (role, error)
        else:
            assert method == "load", (role, told)
            assert not told["ids"], (role, told)
    assert state(site, world["reviews"][0]) == "in_review"
    assert site.sql(
        "SELECT md5(string_agg(s::text, ',' ORDER BY id)) FROM med_signature s") == before


def test_what_was_refused_is_in_the_trail_though_each_call_was_rolled_back(site, rpc, world):
    review = world["reviews"][0]

    def events():
        return {tuple(row) for row in site.sql(
            "SELECT id, event FROM med_audit_entry WHERE op = 'E'")}

    before = events()
    for attack in ("write a state", "skip a step"):
        model, method, records, arguments = ATTACKS[attack](world)
        with pytest.raises(RpcError):
            rpc("qa").call(model, method, records, **arguments)
    with pytest.raises(RpcError):
        rpc("qa").call("med.access.review", "med_sign", [review], meaning="reviewed",
                       login="test_qa", secret="wrong")
    told = {event for _number, event in events() - before}
    assert {"state_refused", "step_refused", "signature_failed"} <= told
