"""Changes, recalls and nonconformities told to partners and by them, as other programs see it.

Each case over XML-RPC and JSON-2; and as those who may not.
"""

import sys
from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError, XmlRpc

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from exchange_sender import Sender  # noqa: E402

requirement = "C2 C3 Q4 V8 X1 X2 X3 A2 CN-RC-5 FDA-7.49 ISO-7.3.9 ISO-8.3.1"

WORLD = "".join((TESTS / name).read_text() for name in (
    "trace_flow.py", "recall_flow.py", "exchange_flow.py")) + """
flow, people, exchange = Flow(env), RecallFlow(env), ExchangeFlow(env)
SPOKEN = ("change_notice", "nonconformity", "recall_notice", "sale_on")

def partner(code):
    account = exchange.partner(code, SPOKEN)
    found = env["med.exchange.partner"].browse(account["id"])
    env["med.exchange.right"].create([{
        "exchange_partner_id": found.id, "schema": schema, "direction": "out"}
        for schema in SPOKEN])
    found.partner_id.country_id = env.ref("base.cn")
    return account | {"contact": found.partner_id.id}

supplier, first, second = (partner(code) for code in ("BR-SUPPLIER", "BR-FIRST", "BR-SECOND"))
tube, pump = flow.product("Bridge tube"), flow.product("Bridge pump")
tube.default_code, pump.default_code = "BR-TUBE", "BR-PUMP"
(tube | pump).med_controlled = True
env["med.gate"].create([{"product_tmpl_id": one.product_tmpl_id.id, "mode": "observe"}
                        for one in tube | pump])
tubes = flow.lots(tube, *(f"BR-T{n}" for n in range(6)))
flow.receive([(lot, 10) for lot in tubes], env["res.partner"].browse(supplier["contact"]))
[lot] = flow.lots(pump, "BR-P1")
flow.receive([(lot, 20)], env["res.partner"].create({"name": "Bridge maker"}))
for hospital in (first, second):
    flow.picking([(lot, 5)], env["res.partner"].browse(hospital["contact"]))._action_done()
recall = people.assessed(lot)
recall.with_user(people.assessor).draw()
recall.with_user(people.decider).med_sign(
    "approved", people.decider.login, people.decider.login, transition="decide")
people.letter(recall)
notices = {notice.partner_id.id: notice.id for notice in recall.notice_ids}
tell({"supplier": supplier, "first": first, "second": second, "recall": recall.name,
      "template": tube.product_tmpl_id.id, "tube": tube.id, "tubes": tubes.mapped("name"),
      "letter": env["res.partner"].create([{"name": f"BR by letter {n}"} for n in (1, 2)]).ids,
      "hospitals": [["first", notices[first["contact"]]], ["second", notices[second["contact"]]]],
      "cron": env.ref("med_exchange.med_exchange_cron_drain").id})
"""

# None of them tells partners of changes, or notes what these answer.
OUTSIDERS = ("nobody", "viewer", "auditor", "system_admin", "portal_processor", "portal_dealer")


@pytest.fixture
def say(world, caller):
    """Send the next message of a partner's stream: ``say("first", schema, code, payload)``."""
    def send(name, schema, code, payload, version=1):
        client = caller(name)
        told = client.call("med.exchange", "status")["streams"]
        number = next((one["expected"] for one in told if one["stream"] == "main"), 1)
        sender = Sender(world[name])
        [answer] = client.call("med.exchange", "submit", envelopes=[sender.sealed({
            "spec": "med-exchange/1", "id": f"{name}-{number}", "sender": sender.code,
            "stream": "main", "sequence": number, "schema": schema, "version": "1.0",
            "action": "state", "time": "2026-01-23T04:30:00Z",
            "object": {"id": code, "version": version, "base": version - 1},
            "payload": payload})])["answers"]
        assert_plain(answer)
        return answer
    return send


@pytest.fixture
def heard(rpc, world, caller):
    """What a partner hears by a schema: ``heard("first", schema)`` is ``{code: payload}``."""
    def read(name, schema):
        rpc("admin").call("ir.cron", "method_direct_trigger", [world["cron"]])
        told = caller(name).call("med.exchange", "changes", stream=schema, since=0, limit=1000)
        assert_plain(told["more"])
        return {one["object"]["id"]: one["payload"] for one in told["envelopes"]}
    return read


def create(client, model, **values):
    """Create one record over either protocol; return its id."""
    if isinstance(client, XmlRpc):
        return client.call(model, "create", values)
    return client.call(model, "create", vals_list=[values])[0]


@pytest.fixture
def notice(rpc, world):
    """A notice of a new change to the supplier, who is not told yet: its id and the change's."""
    change = rpc("qa").call("med.change", "request", title="Other mill",
                            products=[world["template"]], subjects=["bom"])["change"]
    return create(rpc("qa"), "med.change.notice", change_id=change,
                  partner_id=world["supplier"]["contact"],
                  product_ids=[[6, 0, [world["tube"]]]], description="Tube of another mill",
                  agreement_needed=True), change


def of_notice(site, number):
    return site.sql(f"SELECT state, told_at FROM med_change_notice WHERE id = {number}") + site.sql(
        f"SELECT agreement, note, superseded FROM med_change_answer WHERE notice_id = {number} "
        "ORDER BY id")


# ---------------------------------------------------------------------------------- changes

def test_a_change_is_announced_and_the_partners_program_answers(
        site, rpc, world, notice, say, heard):
    number, change = notice
    [[name]] = site.sql(f"SELECT name FROM med_change WHERE id = {change}")
    code = f"{name}/{number}"
    assert code not in heard("supplier", "change_notice")
    told = rpc("qa").call("med.change.notice", "announce", [number])
    assert_plain(told)
    assert told == {"version": 1, "told": 1, "by_hand": []}
    payload = heard("supplier", "change_notice")[code]
    assert (payload["description"], payload["agreement_needed"]) == ("Tube of another mill", True)
    assert code not in heard("first", "change_notice")
    for version, agreement in ((1, "refused"), (2, "agreed")):
        answer = say("supplier", "change_notice", code, {
            "number": name, "title": "Other mill", "state": "announced",
            "agreement": agreement, "agreement_note": f"By {agreement}"}, version)
        assert answer["outcome"] == "accepted", answer
    assert of_notice(site, number)[1:] == [
        ["refused", "By refused", "t"], ["agreed", "By agreed", "f"]]
    assert of_notice(site, number)[0][0] == "agreed"
    stolen = say("first", "change_notice", code, {
        "number": name, "title": "Other mill", "state": "announced", "agreement": "refused"})
    assert stolen["outcome"] == "rejected", stolen
    assert of_notice(site, number)[0][0] == "agreed"


def test_who_has_no_program_is_named_and_his_letter_is_noted(site, rpc, world, notice):
    _number, change = notice
    letter = create(rpc("qa"), "med.change.notice", change_id=change,
                    partner_id=world["letter"].pop(), description="Tube of another mill")
    [[name]] = site.sql("SELECT p.name FROM res_partner p JOIN med_change_notice n "
                        f"ON n.partner_id = p.id WHERE n.id = {letter}")
    told = rpc("qa").call("med.change.notice", "announce", [letter])
    assert told == {"version": 1, "told": 1, "by_hand": [name]}
    for wrong in ({"agreement": "maybe", "note": "x"}, {"agreement": "agreed", "note": " "},
                  {"agreement": "agreed"}, {"agreement": "agreed", "note": 3}):
        with pytest.raises(RpcError):
            rpc("qa").call("med.change.notice", "answer", [letter], **wrong)
    told = rpc("qa").call("med.change.notice", "answer", [letter], agreement="agreed",
                          note="Letter of 3 March")
    assert_plain(told)
    assert told["version"] == 1
    assert of_notice(site, letter)[1:] == [["agreed", "Letter of 3 March", "f"]]


@pytest.mark.parametrize("role", OUTSIDERS)
def test_who_may_not_announces_and_answers_nothing(site, rpc, notice, role):
    number, _change = notice
    forged = {"default_state": "agreed", "med_exchange": True, "su": True}
    before = of_notice(site, number)
    attacks = (("announce", {}), ("answer", {"agreement": "agreed", "note": "Letter"}),
               ("write", {"vals": {"state": "agreed"}}), ("unlink", {}),
               ("write", {"vals": {"agreement_needed": False}}))
    for method, arguments in attacks:
        with pytest.raises(RpcError):
            rpc(role).call("med.change.notice", method, [number], **arguments, context=forged)
    rpc("qa").call("med.change.notice", "announce", [number])
    told = of_notice(site, number)
    assert told != before
    for method, arguments in attacks:
        with pytest.raises(RpcError):
            rpc(role).call("med.change.notice", method, [number], **arguments, context=forged)
    assert of_notice(site, number) == told


def test_a_partners_key_opens_no_notice(site, rpc, caller, notice):
    number, _change = notice
    rpc("qa").call("med.change.notice", "announce", [number])
    before = of_notice(site, number)
    for model, method, arguments in (
            ("med.change.notice", "announce", {}), ("med.change.notice", "read", {}),
            ("med.change.notice", "answer", {"agreement": "agreed", "note": "Mine"})):
        with pytest.raises(RpcError):
            caller("supplier").call(model, method, [number], **arguments)
    assert of_notice(site, number) == before


# ---------------------------------------------------------------------------------- recalls

def test_a_program_is_told_of_a_recall_answers_it_and_the_buyers_are_told(
        site, rpc, world, say, heard):
    name, number = world["hospitals"].pop()
    code = f"{world['recall']}/{number}"
    answer = say(name, "sale_on", f"INV-{name}", {
        "number": f"INV-{name}", "time": "2026-01-20T07:00:00Z", "buyer": {
            "code": "B-9", "name": f"Clinic {name}", "email": f"{name}@clinic.example"},
        "lines": [{"product": "BR-PUMP", "lot": "BR-P1",
                   "quantity": {"value": "2", "unit": "1"}}]})
    assert answer["outcome"] == "accepted", answer
    with pytest.raises(RpcError, match="told first"):
        rpc("qa").call("med.recall.notice", "tell_buyers", [number])
    rpc("qa").call("med.recall.notice", "write", [number], vals={"channel": "rpc"})
    assert code not in heard(name, "recall_notice")
    assert rpc("qa").call("med.recall.notice", "send", [number])["queued"] == 1
    told = heard(name, "recall_notice")
    assert list(told) == [code]
    assert [one["lot"] for one in told[code]["lots"]] == ["BR-P1"]
    children = f"SELECT email FROM med_recall_notice WHERE parent_id = {number}"
    for role in ("nobody", "viewer", "auditor", "warehouse", "operator", "purchasing",
                 "system_admin", "portal_dealer"):
        with pytest.raises(RpcError):
            rpc(role).call("med.recall.notice", "tell_buyers", [number],
                           context={"default_state": "queued", "su": True})
    assert site.sql(children) == []
    told = rpc("qa").call("med.recall.notice", "tell_buyers", [number])
    assert_plain(told)
    assert told == {"version": 1, "told": 1, "by_hand": []}
    assert site.sql(children) == [[f"{name}@clinic.example"]]
    assert rpc("regulatory").call("med.recall.notice", "tell_buyers", [number])["told"] == 0
    answer = say(name, "recall_notice", code, {
        "number": code, "recall": world["recall"], "title": "?", "instruction": "?",
        "answer": {"received": True, "person": "Dr. Li", "lots": [{
            "product": "BR-PUMP", "lot": "BR-P1", "still_here": {"value": "3", "unit": "1"},
            "passed_on": {"value": "2", "unit": "1"}}]}})
    assert answer["outcome"] == "accepted", answer
    assert site.sql(f"SELECT state FROM med_recall_notice WHERE id = {number}") == [["answered"]]


def test_a_partners_key_tells_no_buyers_and_answers_for_nobody_else(
        site, world, caller, say):
    number = site.sql("SELECT n.id FROM med_recall_notice n JOIN med_recall r "
                      f"ON r.id = n.recall_id WHERE r.name = '{world['recall']}' "
                      "AND n.parent_id IS NULL ORDER BY n.id")[0][0]
    for method in ("tell_buyers", "send", "read"):
        with pytest.raises(RpcError):
            caller("supplier").call("med.recall.notice", method, [int(number)])
    code = f"{world['recall']}/{number}"
    answer = say("supplier", "recall_notice", code, {
        "number": code, "recall": world["recall"], "title": "?", "instruction": "?",
        "answer": {"received": True, "person": "Mallory"}})
    assert (answer["outcome"], answer["errors"][0]["pointer"]) == ("rejected", "/payload/number")


# ---------------------------------------------------------------------------------- nonconformities

def test_a_program_reports_a_nonconformity_and_hears_what_becomes_of_it(
        site, rpc, world, say, heard):
    lot = world["tubes"].pop()
    answer = say("supplier", "nonconformity", f"NC-{lot}", {
        "number": f"NC-{lot}", "summary": "Burr at the edge", "source": "production",
        "lots": [{"product": "BR-TUBE", "lot": lot, "note": "Two of ten",
                  "quantity": {"value": "2", "unit": "1"}}]})
    assert answer["outcome"] == "accepted", answer
    [row] = rpc("qa").call("med.nonconformity", "search_read", fields=[
        "summary", "exchange_partner_id", "state", "line_ids"], domain=[
        ["partner_number", "=", f"NC-{lot}"]])
    assert (row["summary"], row["state"]) == ("Burr at the edge", "reported")
    # What it said itself it is not told; what becomes of it, it is. Nobody else hears of it.
    def of_it(name):
        return [one.get("defect_class", "") for one in heard(name, "nonconformity").values()
                if one["number"] == f"NC-{lot}"]
    assert of_it("supplier") == []
    rpc("qa").call("med.nonconformity", "write", [row["id"]], vals={"defect_class": "major"})
    assert (of_it("supplier"), of_it("first")) == (["major"], [])
    said = ("SELECT exchange_partner_id, partner_number, withdrawn_at FROM med_nonconformity "
            f"WHERE id = {row['id']}")
    [line] = row["line_ids"]
    lines = f"SELECT told, reported_quantity FROM med_nonconformity_line WHERE id = {line}"
    before = site.sql(said) + site.sql(lines)
    for role in ("qa", "operator", "warehouse", "viewer", "system_admin", "nobody"):
        for model, record, vals in (
                ("med.nonconformity", row["id"], {"partner_number": "X"}),
                ("med.nonconformity", row["id"], {"exchange_partner_id": False}),
                ("med.nonconformity", row["id"], {"withdrawn_at": "2026-01-01 00:00:00"}),
                ("med.nonconformity.line", line, {"reported_quantity": 0})):
            with pytest.raises(RpcError):
                rpc(role).call(model, "write", [record], vals=vals,
                               context={"med_exchange": True, "su": True})
    assert site.sql(said) + site.sql(lines) == before


def test_a_partners_key_reads_and_reports_nothing_past_the_inbox(world, caller):
    for method, arguments in (("report", {"summary": "Past the inbox"}),
                              ("search_read", {"domain": [], "fields": ["name"]})):
        with pytest.raises(RpcError):
            caller("supplier").call("med.nonconformity", method, **arguments)
