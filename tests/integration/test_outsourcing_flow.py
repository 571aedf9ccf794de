"""Lots of ours sterilised outside, from the order to the end of a recall.

Seen by programs of both sides, and by people of the processors on their portal. The programs are
those of ``setup/processors``: an address and a key each, nothing else.
"""

import copy
import sys
from pathlib import Path

import pytest

from lib.rpc import JsonTwo, RpcError
from processors import Connection, Steriliser
from processors.connection import now

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from outsourcing_recall import FLOW, RecallOutside  # noqa: E402
from portal import Browser, text_of  # noqa: E402

requirement = ("V1 V4 V5 V6 Q6 R4 P4 X2 X3 CN-GMP-OUT CN-OUT-2 CN-RC-11 ISO-4.1.5 ISO-7.4.1 "
               "ISO-7.4.2 ISO-8.2.6 TRC-3")

WORLD = "".join((TESTS / name).read_text() for name in (
    "trace_flow.py", "recall_flow.py", "exchange_flow.py", "outsourcing_flow.py")) + """
flow, people = Flow(env), RecallFlow(env)
people.grant(people.assessor, "verified", "performed", "reviewed")
people.grant(people.decider, "witnessed")
out = OutsourcingFlow(env, people)
releaser = env["res.users"].search([("login", "=", "test_qa_release")])
makers = [releaser.copy({"name": login, "login": login, "password": login})
          for login in ("out_maker", "out_registrant")]
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
env.invalidate_all()
people.grant(makers[0], "released", "market_released")
people.grant(makers[1], "market_released")
sterile = out.processor("OUT-EO", ["sterilisation_eo"])
other = out.processor("OUT-TWO", ["sterilisation_eo"])
out.person(sterile, "out_porter")
out.person(other, "out_stranger")
tube, kit = flow.product("Outside tube"), flow.product("Outside kit")
tube.default_code, kit.default_code = "OUT-TUBE", "OUT-KIT"
(tube | kit).med_controlled = True
env["med.gate"].create([{"product_tmpl_id": one.product_tmpl_id.id, "mode": "enforce"}
                        for one in tube | kit])
env["mrp.bom"].create({"product_tmpl_id": kit.product_tmpl_id.id, "product_qty": 1})
kit.product_tmpl_id.med_release_level = "market"
celsius = env["med.measure.unit"].search([("code", "=", "°C")])
for stage, row, more in (
        ("process", {"key": "temp", "name": "Temperature", "kind": "measured", "lower": "48",
                     "upper": "56", "uom_id": celsius.id},
         {"partner_ids": [Command.set([sterile["contact"]])]}),
        ("periodic", {"key": "seal", "name": "Width of the seal", "kind": "measured",
                      "lower": "5", "upper": "9",
                      "uom_id": env["med.measure.unit"].search([("code", "=", "mm")]).id}, {})):
    plan = env["med.inspection.plan"].create({
        "name": f"Outside {stage}", "stage": stage, "blocking": False,
        "product_tmpl_ids": [Command.set(kit.product_tmpl_id.ids)],
        "class_ids": [Command.create({"defect_class": "major", "method": "full"})],
        "characteristic_ids": [Command.create(row)], **more})
    plan.with_user(people.assessor).med_sign(
        "approved", people.assessor.login, people.assessor.login)
inspectors = [env["res.users"].search([("login", "=", "test_inspector")]).copy(
    {"name": login, "login": login, "password": login}) for login in ("out_ines", "out_ivan")]
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
env.invalidate_all()
for person in inspectors:
    people.grant(person, "performed", "checked")
[raw] = flow.lots(tube, "OUT-RAW")
flow.receive([(raw, 1000)], env["res.partner"].create({"name": "Outside supplier"}))
decision = env["med.disposition"].with_user(makers[0]).create({
    "note": "fine", "line_ids": [Command.create({"lot_id": raw.id, "status": "released"})]})
decision.med_sign("released", makers[0].login, makers[0].login)
made = []
for number in range(12):
    [lot] = flow.lots(kit, f"OUT-{number}")
    order = flow.close(flow.order(kit, 50, [(tube, raw, 50)], lots=lot))
    made.append({"id": lot.id, "name": lot.name, "release": order.med_release_ids.id})
tell({"sterile": sterile, "other": other, "lots": made, "raw": raw.id,
      "cron": env.ref("med_exchange.med_exchange_cron_drain").id,
      "assessor": people.assessor.login, "assessor_id": people.assessor.id,
      "decider": people.decider.login,
      "level": env["med.recall.class"].search([("code", "=", "cn_2")]).id,
      "market": env["med.recall.class"].search([("code", "=", "cn_2")]).jurisdiction_id.id})
"""


@pytest.fixture
def ours(site):
    """Client of one of us: ``ours("purchasing").call(model, method, [ids], **arguments)``."""
    return lambda role: JsonTwo(site.url, site.database, site.users[role]["api_key"])


@pytest.fixture
def drain(ours, world):
    """Let what is to be told be told, as the scheduled action does within a second."""
    return lambda: ours("admin").call("ir.cron", "method_direct_trigger", [world["cron"]])


@pytest.fixture
def portal(site, world):
    """Sign a person of a processor in, by the form: ``portal("out_porter")``."""
    def signed_in(login):
        browser = Browser(site.url)
        browser.sign_in(login, login)
        return browser
    return signed_in


@pytest.fixture(scope="module")
def programs(site, world):
    """The two processors' connections, made once: their streams go on."""
    address = f"{site.url}/?db={site.database}"
    return {name: Connection(address, world[name]["key"]) for name in ("sterile", "other")}


class Ours:
    """What our own people do with an order, over JSON-2."""

    def __init__(self, ours, drain, site, world):
        self.ours, self.drain, self.site, self.world = ours, drain, site, world

    def order(self, lots, quantity=50, name="sterile"):
        """Order the sterilisation of lots and release the order; return its id and number."""
        buyer = self.ours("purchasing")
        [order] = buyer.call("med.outsourcing.order", "create", vals_list=[{
            "processor_id": self.world[name]["file"], "kind": "process",
            "process": "sterilisation_eo", "line_ids": [
                [0, 0, {"lot_id": lot["id"], "quantity": quantity}] for lot in lots]}])
        buyer.call("med.outsourcing.order", "action_release", [order])
        self.drain()
        return order, self.read(order)["name"]

    def read(self, order):
        return self.ours("viewer").call("med.outsourcing.order", "read", [order], fields=[
            "name", "state", "revision", "send_picking_ids", "back_picking_ids"])[0]

    def post(self, pickings):
        """Post transfers, as the warehouse does."""
        admin = self.ours("admin")
        for picking in pickings:
            [row] = admin.call("stock.picking", "read", [picking], fields=["state", "move_ids"])
            if row["state"] not in ("done", "cancel"):
                admin.call("stock.move", "write", row["move_ids"], vals={"picked": True})
                told = admin.call("stock.picking", "button_validate", [picking])
                assert told is True, told
        self.drain()

    def events(self, order):
        return self.ours("viewer").call(
            "med.outsourcing.event", "search_read", order="id",
            domain=[["order_id", "=", order]], fields=[
                "kind", "person", "equipment", "parameters", "origin", "event_time"])


@pytest.fixture
def we(ours, drain, site, world):
    return Ours(ours, drain, site, world)


def market(we, lot, login, meaning):
    return we.ours("qa_release").call(
        "med.release", "med_sign", [lot["release"]], meaning=meaning, login=login, secret=login)


def in_place(site, place, lot):
    rows = site.sql(f"SELECT sum(quantity) FROM stock_quant WHERE lot_id = {lot} AND location_id"
                    f" IN (SELECT id FROM stock_location WHERE parent_path LIKE '%/{place}/%')")
    return float(rows[0][0] or 0)


# ---------------------------------------------------------------------------------- refused

TABLES = ("med_outsourcing_order WHERE true", "med_outsourcing_event WHERE true",
          "med_outsourcing_event_lot WHERE true", "med_processor_release WHERE true",
          "med_process_batch WHERE true", "med_hold WHERE true", "stock_lot WHERE true",
          "stock_move WHERE true", "stock_move_line WHERE true", "stock_quant WHERE true",
          "stock_picking WHERE true")


def database(site):
    """Return a digest of every row that a report may reach."""
    return [site.sql(f"SELECT count(*), md5(coalesce(string_agg(t::text, '' ORDER BY id), ''))"
                     f" FROM (SELECT * FROM {table}) t") for table in TABLES]


@pytest.fixture(scope="module")
def running(site, world, programs):
    """An order whose lot is with the processor, acknowledged and started; and another's."""
    admin = JsonTwo(site.url, site.database, site.users["admin"]["api_key"])

    def client(role):
        return JsonTwo(site.url, site.database, site.users[role]["api_key"])
    we = Ours(client, lambda: admin.call("ir.cron", "method_direct_trigger", [world["cron"]]),
              site, world)
    lots = iter(world["lots"][2:])
    mine, number = we.order([lot := next(lots)])
    theirs, others = we.order([next(lots)], name="other")
    we.post(we.read(mine)["send_picking_ids"])
    revision = we.read(mine)["revision"]
    eo = programs["sterile"]
    base = {"order": number, "revision": revision, "person": "Li", "time": now()}
    for kind in ("acknowledged", "started"):
        assert eo.submit([eo.envelope("outsourcing_report", f"{number}-{kind}", {
            **base, "kind": kind, "reference": kind})])[0]["outcome"] == "accepted"
    return {"order": mine, "others": others, "others_id": theirs, "lot": lot["name"],
            "lot_id": lot["id"], "spare_id": next(lots)["id"],
            "report": {**base, "kind": "finished", "reference": "F-1", "lots": [{
                "product": "OUT-KIT", "lot": lot["name"], "outcome": "good",
                "quantity": {"value": "50", "unit": "1"}}]}}


def changed(**members):
    return lambda report, _world: {**report, **members}


def with_row(**members):
    return lambda report, _world: {**report, "lots": [{**report["lots"][0], **members}]}


REFUSED = {
    "made to another revision": (changed(revision="V0"), "/payload/revision"),
    "made to another revision under a deviation that is not there": (
        changed(revision="V0", deviation="DEV/2026/77777"), "/payload/deviation"),
    "for an order that is not there": (changed(order="OUT/99999"), "/payload/order"),
    "for another's order": (
        lambda report, world: {**report, "order": world["others"]}, "/payload/order"),
    "in a unit that measures something else": (
        with_row(quantity={"value": "50", "unit": "kg"}), "/payload/lots/0/quantity/unit"),
    "in a unit that nobody knows": (
        with_row(quantity={"value": "50", "unit": "kpc"}), "/payload/lots/0/quantity/unit"),
    "more than was sent": (
        with_row(quantity={"value": "51", "unit": "1"}), "/payload/lots/0/quantity"),
    "of a lot of another order": (with_row(lot="OUT-RAW"), "/payload/lots/0/lot"),
    "of another product": (with_row(product="OUT-TUBE"), "/payload/lots/0/product"),
    "acknowledged again, once started": (
        changed(kind="acknowledged", reference="A-2"), "/payload/kind"),
    "shipped before it is finished": (changed(kind="shipped"), "/payload"),
    "in the future": (changed(time="2099-01-01T00:00:00Z"), "/payload/time"),
    "before the order was": (changed(time="2020-01-01T00:00:00Z"), "/payload/time"),
    "a quantity as a number": (with_row(quantity={"value": 50, "unit": "1"}),
                               "/payload/lots/0/quantity/value"),
    "another content under one reference": (
        changed(kind="started", reference="started", person="Xu", lots=[]),
        "/payload/reference"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_applied(
        site, running, programs, case):
    change, pointer = REFUSED[case]
    eo, before = programs["sterile"], database(site)
    [answer] = eo.submit([eo.envelope(
        "outsourcing_report", f"wrong {case}"[:60], change(running["report"], running))])
    assert answer["outcome"] == "rejected", answer
    assert [one["pointer"][:len(pointer)] for one in answer["errors"]] == [pointer], answer
    assert answer["errors"][0]["message"].endswith((".", "?")) and answer["message"] > 0
    assert database(site) == before


def test_an_order_under_an_agreement_that_expired_is_refused_and_reports_are_taken(
        site, world, running, programs, we):
    dates = ("UPDATE med_quality_agreement SET date_to = {} "
             f"WHERE id = {world['sterile']['agreement']}")
    site.as_superuser(dates.format("current_date - 1"))
    try:
        before = database(site)
        with pytest.raises(RpcError, match="agreement"):
            we.order([{"id": running["spare_id"]}])
        # A draft may stay: it binds nobody.
        assert database(site)[1:] == before[1:]
        eo = programs["sterile"]
        [answer] = eo.submit([eo.envelope("outsourcing_report", "late note", {
            **running["report"], "kind": "note", "reference": "N-1", "note": "All well",
            "lots": []})])
        assert answer["outcome"] == "accepted", answer
    finally:
        site.as_superuser(dates.format("current_date + 9"))


def test_twice_is_once_and_out_of_order_waits(site, running, programs):
    eo = programs["sterile"]
    step = {name: running["report"][name] for name in ("order", "revision", "person", "time")}
    first = eo.envelope("outsourcing_report", "S-1", {**step, "kind": "step", "reference": "S-1"})
    second = eo.envelope("outsourcing_report", "S-2", {**step, "kind": "step", "reference": "S-2"})
    before = database(site)
    [answer] = eo.submit([second])
    assert (answer["outcome"], answer["missing"]) == ("waiting", [first["sequence"]])
    assert database(site) == before
    assert eo.submit([first])[0]["outcome"] == "accepted"
    steps = ("SELECT reference FROM med_outsourcing_event WHERE kind = 'step' "
             f"AND order_id = {running['order']} ORDER BY id")
    assert site.sql(steps) == [["S-1"], ["S-2"]]
    before = database(site)
    for envelope in (first, second):
        [answer] = eo.submit([copy.deepcopy(envelope)])
        assert (answer["outcome"], answer["first"]) == ("duplicate", "accepted")
    # The same said anew, by another message: the same event, no second effect.
    [answer] = eo.submit([eo.envelope("outsourcing_report", "S-1 again", {
        **step, "kind": "step", "reference": "S-1"})])
    assert answer["outcome"] == "accepted"
    assert database(site) == before


def test_what_was_tampered_with_or_is_not_signed_is_not_applied(site, running, programs):
    eo, before = programs["sterile"], database(site)
    good = eo.envelope("outsourcing_report", "T-1", running["report"])
    eo.next["main"] -= 1  # none of these takes its number
    tampered = copy.deepcopy(good)
    tampered["payload"]["lots"][0]["quantity"]["value"] = "1"
    unsigned = {name: value for name, value in good.items() if name != "signature"}
    for envelope, pointer in ((tampered, "/digest"), (unsigned, "/signature")):
        [answer] = eo.submit([envelope])
        assert [one["pointer"] for one in answer["errors"]] == [pointer], answer
    [answer] = programs["other"].submit([good])
    assert [one["pointer"] for one in answer["errors"]] == ["/sender"], answer
    assert database(site) == before


# ---------------------------------------------------------------------------------- the whole way


def test_lots_go_out_fail_in_part_are_reworked_released_and_recalled(
        site, world, we, ours, drain, programs, portal, running):
    lots, eo = world["lots"], programs["sterile"]
    lot, place = lots[0], world["sterile"]["place"]
    program = Steriliser(eo, say=lambda text: None)
    porter, stranger = Page(portal("out_porter")), Page(portal("out_stranger"))

    # The order is there with its revision, for its processor alone, who confirms that revision.
    order, number = we.order([lot])
    told = eo.latest("outsourcing_order")[number]
    assert (told["state"], told["revision"]) == ("released", we.read(order)["revision"])
    assert [one["lot"] for one in told["lots"]] == [lot["name"]] and "sent" not in told
    assert told["parameters"][0]["high"] == {"value": "56", "unit": "Cel"}
    assert number not in programs["other"].latest("outsourcing_order")
    shown = porter.order(order)
    assert number in shown and lot["name"] in shown and told["revision"] in shown
    assert "Confirm the order" in shown and "What was reported Nothing yet" in shown
    stranger.sees_none_of(order, number)
    program.round()
    assert we.read(order)["state"] == "acknowledged"
    assert "Acknowledged" in porter.order(order) and "Work has begun" in porter.order(order)

    # Material is sent by lot; the load is reported with its parameters, and a part fails.
    we.post(we.read(order)["send_picking_ids"])
    assert in_place(site, place, lot["id"]) == 50
    told = eo.latest("outsourcing_order")[number]
    assert [(one["lot"], one["quantity"]["value"]) for one in told["sent"]] == [
        (lot["name"], "50")]
    program.round()
    assert {one["outcome"] for one in program.answers} == {"accepted"}, program.answers
    assert we.read(order)["state"] == "shipped"
    shown = porter.order(order)
    assert "EO-2" in shown and "temp: 52 °C" in shown and "Shipped" in shown
    assert f"Good: {lot['name']} × 48" in shown and f"Rejected: {lot['name']} × 2" in shown
    kinds = [one["kind"] for one in we.events(order) if one["origin"] == "api"]
    assert kinds == ["acknowledged", "received", "started", "step", "finished", "shipped"]
    [step] = [one for one in we.events(order) if one["kind"] == "step"]
    assert step["equipment"] == "EO-2"
    assert [(one["name"], one["value"], one["unit"]) for one in step["parameters"]] == [
        ("temp", "52", "°C")]

    # What was rejected is a nonconformity here at once, and what their program tells of it is
    # another; the lot is held for both.
    records = ours("qa").call("med.nonconformity", "search_read", order="id", domain=[
        ["line_ids.lot_id", "=", lot["id"]]], fields=["line_ids", "state", "partner_number"])
    assert [one["partner_number"] for one in records] == [False, f"NC-{number}"]
    assert {one["state"] for one in records} == {"reported"}
    held = "SELECT count(*) FROM med_hold_line WHERE open AND lot_id = "
    assert site.sql(f"{held}{lot['id']}") == [["2"]]
    drain()
    assert eo.latest("outsourcing_order")[number]["holds"][0]["lot"] == lot["name"]
    assert f"do not use, process or ship these lots. {lot['name']}:" in porter.order(order)

    # It comes back though it is held; nobody may use it.
    we.post(we.read(order)["back_picking_ids"])
    assert in_place(site, place, lot["id"]) == 0
    assert we.read(order)["state"] == "received"

    # Quality assurance evaluates, lifts the hold, and has the part that failed done again.
    with pytest.raises(RpcError, match="not decided"):
        market(we, lot, "out_maker", "released")
    holds = site.sql(f"SELECT hold_id FROM med_hold_line WHERE open AND lot_id = {lot['id']}"
                     " ORDER BY id")
    for record, hold in zip(records, holds, strict=True):
        evaluate(we, world, record, int(hold[0]))
    again, second = we.order([lot], 2)
    program.round()
    we.post(we.read(again)["send_picking_ids"])
    program.round()
    assert {one["outcome"] for one in program.answers} == {"accepted"}, program.answers
    we.post(we.read(again)["back_picking_ids"])
    assert we.read(again)["state"] == "received"

    # Inspected again it conforms. Their release comes before ours to the market.
    inspect(we, lot)
    for record in records:
        we.ours("qa").call("med.nonconformity.line", "write", record["line_ids"], vals={
            "decision": "conforms", "note": "Indicators of the second load read"})
        assert sign(we, world, "med.nonconformity", record["id"], "approved",
                    transition="decide") == "decided"
    market(we, lot, "out_maker", "released")
    with pytest.raises(RpcError, match="has released 0 of"):
        market(we, lot, "out_registrant", "market_released")
    for thing, name, quantity in (("R-1", number, "48"), ("R-2", second, "2")):
        told = eo.latest("outsourcing_order")[name]
        [answer] = eo.submit([eo.envelope("processor_release", thing, {
            "order": name, "revision": told["revision"], "person": "Zhao", "time": now(),
            "lots": [{"product": "OUT-KIT", "lot": lot["name"],
                      "quantity": {"value": quantity, "unit": "1"}}]})])
        assert answer["outcome"] == "accepted", answer
    market(we, lot, "out_registrant", "market_released")
    assert site.sql(f"SELECT med_status FROM stock_lot WHERE id = {lot['id']}") == [["released"]]

    # Part of it goes to a hospital. One more lot goes out; a person there takes the order and
    # reports the arrival, on the portal.
    [hospital] = site.told(FLOW + DELIVERED % (lot["id"], 20))
    there = lots[1]
    third, third_number = we.order([there])
    we.post(we.read(third)["send_picking_ids"])
    porter.report(third, "acknowledged", agreed="1")
    assert we.read(third)["state"] == "acknowledged"
    drain()
    assert eo.latest("outsourcing_order")[third_number]["state"] == "acknowledged"
    shown = porter.report(third, "received", note="Dry, 1 carton")
    assert f"Good: {there['name']} × 50" in shown and "Dry, 1 carton" in shown
    assert [(one["kind"], one["origin"]) for one in we.events(third)] == [
        ("acknowledged", "portal"), ("received", "portal")]
    stranger.sees_none_of(third, third_number)

    # Traced to both ends, and recalled with what they still have of the same material.
    traced = ours("viewer").call("stock.lot", "med_trace", [world["raw"]], direction="forward")
    assert lot["id"] in {row["id"] for row in traced["lots"]}
    seen = ours("qa").call("med.recall", "preview", criteria=[{"lot_ids": [world["raw"]]}])
    assert seen["totals"]["lots"] == 1 + len(lots)
    recall = ours("warehouse").call("med.recall", "report_suspicion", summary="Tube brittle",
                                    lots=[world["raw"]], reason="Broke")["recall"]
    told = ours("qa").call("med.recall", "draw", [recall])
    assert told["lots"] == 1 + len(lots) and in_place(site, place, there["id"]) == 50
    drain()
    told = eo.latest("outsourcing_order")[third_number]
    assert [one["lot"] for one in told["holds"]] == [there["name"]]
    assert program.round() == 0, "what is held is not worked on"

    # They read that it stands still, and answer: one unit broke, the rest is kept apart.
    shown = porter.order(third)
    assert f"do not use, process or ship these lots. {there['name']}:" in shown
    assert "Held by us: do not use, process or ship." in shown and "brittle" in shown
    others = stranger.order(running["others_id"])
    assert there["name"] not in others and lot["name"] not in others
    stranger.sees_none_of(third, third_number)
    porter.report(third, "note", note="49 kept apart, 1 broke in box 7")
    assert [one["origin"] for one in we.events(third)] == ["portal", "portal", "own", "portal"]

    # What they still have is listed, noted and returned; the recall runs to its end.
    end = RecallOutside(we, site, world, recall)
    end.decide_and_tell(hospital)
    end.has(there["id"], 50, held=True)
    end.balance(there["id"], in_scope=50, still_here=50)
    end.balance(lot["id"], in_scope=50, still_here=30, with_consignees=20)
    end.destroy_there(there["id"], 1)
    end.count_there(running["lot_id"], 49)
    for waiting in (third, running["order"]):
        ours("purchasing").call("med.outsourcing.order", "action_return", [waiting])
        we.post(we.read(waiting)["back_picking_ids"])
    end.has(there["id"], 0)
    assert in_place(site, place, running["lot_id"]) == 0
    end.take_back(hospital, lot, 20)
    end.balance(there["id"], in_scope=50, still_here=49, destroyed=1)
    end.balance(lot["id"], in_scope=50, still_here=50, returned=20)
    end.destroy_the_rest()
    end.check_effect()
    assert end.complete() == "completed"

    # By lot, what was sent is what was used, scrapped, returned, adjusted and is there: exact.
    sums = end.statement(world["sterile"]["file"])
    assert {name: value for name, value in sums[lot["name"]].items() if value} == {
        "sent": 52, "returned": 52}
    assert {name: value for name, value in sums[there["name"]].items() if value} == {
        "sent": 50, "scrapped": 1, "returned": 49}
    assert {name: value for name, value in sums[running["lot"]].items() if value} == {
        "sent": 50, "adjusted": 1, "returned": 49}
    drain()
    assert "1 broke in box 7" in porter.order(third)
    assert eo.latest("outsourcing_order")[third_number]["holds"][0]["lot"] == there["name"]


class Page:
    """What a person of a processor does on the portal."""

    def __init__(self, browser):
        self.browser = browser

    def order(self, number):
        """Return what the page of an order says."""
        page = self.browser.open(f"/my/processor/orders/{number}")
        assert self.browser.status == 200, (self.browser.status, page[:500])
        return text_of(page)

    def report(self, number, kind, **typed):
        """Report by the page for it; return what the order's page says then."""
        page = self.browser.send(f"/my/processor/orders/{number}/{kind}", **typed)
        assert (self.browser.status, self.browser.address) == (
            200, f"/my/processor/orders/{number}?done=1"), text_of(page)[:2000]
        return text_of(page)

    def sees_none_of(self, number, name):
        """The pages of another's order are not there, and no list names it."""
        for rest in ("", "/acknowledged", "/received", "/note", "/release"):
            self.browser.open(f"/my/processor/orders/{number}{rest}")
            assert self.browser.status == 404, rest
        for page in ("", "/orders?filterby=all", f"/orders?filterby=all&search={name}"):
            told = self.browser.open(f"/my/processor{page}")
            assert self.browser.status == 200
            assert f"/my/processor/orders/{number}" not in told, page


def sign(we, world, model, number, meaning, **more):
    """Sign as quality assurance; return the state then."""
    who = world["assessor"]
    return we.ours("qa").call(model, "med_sign", [number], meaning=meaning, login=who, secret=who,
                              **more)["signatures"][0]["state"]


DELIVERED = """
lot = env["stock.lot"].browse(%s)
hospital = env["res.partner"].create({
    "name": "Outside hospital", "country_id": env.ref("base.cn").id,
    "email": "hospital@outside.example"})
assert Flow(env).picking([(lot, %s)], hospital)._action_done()
tell([hospital.id])
"""


def evaluate(we, world, record, hold):
    """Evaluate a nonconformity, and lift its hold, by quality assurance's signatures."""
    qa = we.ours("qa")
    qa.call("med.nonconformity", "write", [record["id"]], vals={
        "defect_class": "major", "evaluation": "Not sterile for sure",
        "investigation": "not_needed", "investigation_reason": "One position's indicator"})
    assert sign(we, world, "med.nonconformity", record["id"], "reviewed",
                transition="evaluate") == "evaluated"
    qa.call("med.hold", "write", [hold], vals={"conclusion": "Only the part that failed"})
    assert sign(we, world, "med.hold", hold, "approved") == "lifted"


def inspect(we, lot):
    """Inspect a lot again, and accept it."""
    inspector = we.ours("inspector")
    number = inspector.call("med.inspection", "request", lot=lot["id"],
                            stage="periodic")["inspection"]
    drawn = inspector.call("med.inspection.sample", "search_read", fields=["unit"],
                           domain=[["inspection_id", "=", number]])
    inspector.call("med.inspection", "enter", [number], values=[
        {"characteristic": "seal", "unit": one["unit"], "value": "7.0"} for one in drawn])
    for who, meaning in (("out_ines", "performed"), ("out_ivan", "checked")):
        told = inspector.call("med.inspection", "med_sign", [number], meaning=meaning, login=who,
                              secret=who)
    assert told["signatures"][0]["state"] == "accepted"
