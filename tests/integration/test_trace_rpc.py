"""The genealogy's public methods as another program sees them: plain types, one sentence, no more.

One table of cases, each over XML-RPC and JSON-2.
"""

from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import JsonTwo, RpcError

requirement = "T1 T8 TRC-1 TRC-2 TRC-3 P11-10g"

FLOW = (Path(__file__).resolve().parents[1] / "trace_flow.py").read_text()

WORLD = FLOW + """
flow = Flow(env)
supplier = env["res.partner"].create({"name": "RPC supplier"})
hospital = env["res.partner"].create({
    "name": "RPC hospital", "country_id": env.ref("base.de").id})
raw, board, pump = (flow.product(*row) for row in (
    ("RPC raw", "lot"), ("RPC board", "serial"), ("RPC pump", "serial")))
resin, boards = flow.lots(raw, "RPC-R1"), flow.lots(board, *(f"RPC-B{n}" for n in range(8)))
pumps = flow.lots(pump, "RPC-P1", "RPC-P2", "RPC-P3", "RPC-P4")
receipt = flow.receive([(resin, 10.5), *((part, 1) for part in boards)], supplier)
done = flow.close(flow.order(pump, 2, [
    (raw, resin, 1.5), *((board, part, 1) for part in boards[:4])], pumps[:2]))
free = flow.close(flow.order(pump, 2, [(board, part, 1) for part in boards[4:]], pumps[2:]))
flow.picking([(pumps[0], 1)], hospital)._action_done()
other = env["res.company"].create({"name": "RPC other company"})
foreign = env["stock.lot"].create({
    "name": "RPC-FOREIGN", "product_id": raw.id, "company_id": other.id})
tell({
    "resin": resin.id, "boards": boards.ids, "pumps": pumps.ids, "done": done.id, "free": free.id,
    "receipt": receipt.id, "supplier": supplier.id, "raw": raw.id, "foreign": foreign.id,
    "order": done.name})
"""


def graph(site):
    """A checksum of everything the genealogy holds, for a comparison before and after."""
    return site.sql("SELECT md5(string_agg(row::text, ',' ORDER BY row::text)) FROM (" + (
        " UNION ALL ".join(f"SELECT t::text AS row FROM {table} t" for table in (
            "med_genealogy_event", "med_genealogy_line", "med_genealogy_link",
            "stock_move_line_consume_rel"))) + ") rows")


# ---------------------------------------------------------------------- reads

READS = {
    "trace forward": lambda w: ("stock.lot", "med_trace", [w["resin"]], {}),
    "trace backward": lambda w: ("stock.lot", "med_trace", w["pumps"], {"direction": "backward"}),
    "trace both": lambda w: (
        "stock.lot", "med_trace", [w["resin"]], {"direction": "both", "depth": 2}),
    "trace by lot": lambda w: (
        "stock.lot", "med_trace_by", None, {"criteria": {"lot": "RPC-R1"}}),
    "trace by order": lambda w: ("stock.lot", "med_trace_by", None, {
        "criteria": {"production_id": w["done"]}, "direction": "backward", "depth": 1}),
    "trace by receipt": lambda w: (
        "stock.lot", "med_trace_by", None, {"criteria": {"picking_id": w["receipt"]}}),
    "trace by supplier": lambda w: (
        "stock.lot", "med_trace_by", None, {"criteria": {
            "supplier_id": w["supplier"], "product_id": w["raw"]}, "direction": "both"}),
    "trace of parts": lambda w: ("stock.lot", "med_trace", [w["resin"]], {
        "direction": "both", "parts": ["consignees", "suppliers", "events"]}),
    "trace by lot of parts": lambda w: ("stock.lot", "med_trace_by", None, {
        "criteria": {"lot": "RPC-R1"}, "parts": ["stock"]}),
    "trace of nothing": lambda w: ("stock.lot", "med_trace", [], {}),
    "balance": lambda w: ("stock.lot", "med_balance", [w["resin"], w["pumps"][0]], {}),
    "evidence": lambda w: ("stock.lot", "med_evidence", [w["resin"]], {}),
    "parts": lambda w: ("mrp.production", "med_parts", [w["done"]], {}),
}


@pytest.mark.parametrize("case", READS)
def test_answer_is_made_of_plain_types_and_bears_its_version(case, rpc, world, site):
    model, method, records, arguments = READS[case](world)
    before = graph(site)
    answer = rpc("viewer").call(model, method, records, **arguments)
    assert answer["version"] == 1
    assert_plain(answer)
    assert graph(site) == before, "a read writes nothing"


@pytest.mark.parametrize("case", READS)
@pytest.mark.parametrize("role", ["nobody", "system_admin", "portal_processor", "portal_dealer"])
def test_user_without_rights_is_refused(case, role, rpc, world, refused):
    model, method, records, arguments = READS[case](world)
    with refused("access"):
        rpc(role).call(model, method, records, **arguments)


def test_trace_says_what_happened(rpc, world):
    answer = rpc("viewer").call("stock.lot", "med_trace", [world["resin"]], direction="forward")
    assert {row["id"] for row in answer["lots"]} == {world["resin"], *world["pumps"][:2]}
    assert all(row["exact"] for row in answer["lots"])
    [consignee] = answer["consignees"]
    assert (consignee["partner"], consignee["country_code"], consignee["net"]) == (
        "RPC hospital", "DE", 1.0)
    [row] = rpc("viewer").call("stock.lot", "med_balance", [world["resin"]])["lots"]
    assert (row["received"], row["consumed"], row["on_hand"], row["balanced"]) == (
        10.5, 1.5, 9.0, True)


# ---------------------------------------------------------------------- writes

def test_parts_are_recorded_removed_and_assigned(rpc, world, site):
    speak = rpc("operator").call
    order, pumps = world["free"], world["pumps"][2:]
    recorded = speak("mrp.production", "med_record_parts", [order], parts=[
        {"unit": "RPC-P3", "part": "RPC-B5"}, {"unit": pumps[0], "part": world["boards"][6]}])
    assert_plain(recorded)
    assert recorded == {"version": 1, "recorded": 2, "already": 0, "open": ["RPC-P4"]}
    again = speak("mrp.production", "med_record_parts", [order], source="scan", parts=[
        {"unit": "RPC-P3", "part": "RPC-B5", "quantity": 1.0}])
    assert (again["recorded"], again["already"]) == (0, 1)
    assigned = speak("mrp.production", "med_assign_parts", [order], rule="sequence")
    assert (assigned["recorded"], assigned["open"]) == (2, [])
    answer = speak("stock.lot", "med_trace", [pumps[0]], direction="backward")
    assert {row["name"] for row in answer["lots"] if row["exact"]} == {
        "RPC-P3", "RPC-B5", "RPC-B6"}
    parts = speak("mrp.production", "med_parts", [order])
    assert_plain(parts)
    for unit in parts["units"]:
        for part in unit["parts"]:
            gone = speak("mrp.production", "med_remove_part", [order], link_id=part["link_id"],
                         reason="End of the test")
            assert gone == {"version": 1, "removed": 1}
    assert site.sql("SELECT count(*) FROM med_genealogy_link WHERE NOT active "
                    f"AND production_id = {order}") != [["0"]]


@pytest.mark.parametrize("role", ["viewer", "warehouse", "qa", "auditor", "nobody",
                                  "system_admin", "portal_processor"])
def test_only_production_records_parts(role, rpc, world, refused, site):
    before = graph(site)
    for method, arguments in (
            ("med_record_parts", {"parts": [{"unit": "RPC-P3", "part": "RPC-B5"}]}),
            ("med_assign_parts", {}), ("med_remove_part", {"link_id": 1, "reason": "x"})):
        with refused("access"):
            rpc(role).call("mrp.production", method, [world["free"]], **arguments)
    assert graph(site) == before


@pytest.mark.parametrize("role", ["admin", "operator", "qa"])
@pytest.mark.parametrize("model", [
    "med.genealogy.event", "med.genealogy.line", "med.genealogy.link"])
def test_nobody_writes_genealogy(role, model, rpc, world, refused, site):
    before = graph(site)
    speak = rpc(role).call
    some = int(site.sql(f"SELECT max(id) FROM {model.replace('.', '_')}")[0][0] or 1)
    for method, records, arguments in (
            ("write", [some], {"vals": {"active": False} if model != "med.genealogy.event"
                               else {"name": "x"}}),
            ("unlink", [some], {}), ("create", None, {"vals_list": [{"quantity": 1}]}),
            ("write", [some], {"vals": {}, "context": {"active_test": False, "su": True}})):
        if (method, arguments.get("vals")) == ("write", {}):
            arguments["vals"] = {"create_date": "2020-01-01 00:00:00"}
        with refused("access"):
            speak(model, method, records, **arguments)
    assert graph(site) == before


# ---------------------------------------------------------------------- bad input

BAD = {
    "direction": lambda w: ("stock.lot", "med_trace", [w["resin"]], {"direction": "sideways"}),
    "direction of wrong type": lambda w: (
        "stock.lot", "med_trace", [w["resin"]], {"direction": ["both"]}),
    "depth below nought": lambda w: ("stock.lot", "med_trace", [w["resin"]], {"depth": -1}),
    "depth of wrong type": lambda w: ("stock.lot", "med_trace", [w["resin"]], {"depth": "deep"}),
    "depth a fraction": lambda w: ("stock.lot", "med_trace", [w["resin"]], {"depth": 1.5}),
    "an unknown part": lambda w: ("stock.lot", "med_trace", [w["resin"]], {"parts": ["lot"]}),
    "parts as one text": lambda w: ("stock.lot", "med_trace", [w["resin"]], {"parts": "lots"}),
    "a million roots": lambda w: ("stock.lot", "med_trace", list(range(1, 1_000_001)), {}),
    "too many roots by criteria": lambda w: (
        "stock.lot", "med_trace_by", None, {"criteria": {"lot_ids": list(range(1, 60_001))}}),
    "too many lots to balance": lambda w: ("stock.lot", "med_balance", list(range(1, 60_001)), {}),
    "too many lots of evidence": lambda w: (
        "stock.lot", "med_evidence", list(range(1, 60_001)), {}),
    "no lot of that id": lambda w: ("stock.lot", "med_trace", [2 ** 31 - 1], {}),
    "no lot of that id to balance": lambda w: ("stock.lot", "med_balance", [2 ** 31 - 1], {}),
    "no order of that id": lambda w: ("mrp.production", "med_parts", [2 ** 31 - 1], {}),
    "ids that are words": lambda w: ("stock.lot", "med_trace", ["RPC-R1"], {}),
    "ids that are words to balance": lambda w: ("stock.lot", "med_balance", ["RPC-R1"], {}),
    "no criteria": lambda w: ("stock.lot", "med_trace_by", None, {}),
    "criteria of wrong type": lambda w: ("stock.lot", "med_trace_by", None, {"criteria": "x"}),
    "unknown criterion": lambda w: (
        "stock.lot", "med_trace_by", None, {"criteria": {"colour": "red"}}),
    "criterion of wrong type": lambda w: (
        "stock.lot", "med_trace_by", None, {"criteria": {"product_id": "seven"}}),
    "lot_ids of wrong type": lambda w: (
        "stock.lot", "med_trace_by", None, {"criteria": {"lot_ids": ["x"]}}),
    "date of wrong form": lambda w: (
        "stock.lot", "med_trace_by", None, {"criteria": {"date_from": "31.01.2026"}}),
    "parts of no order": lambda w: ("mrp.production", "med_parts", [], {}),
    "parts of two orders": lambda w: ("mrp.production", "med_parts", [w["done"], w["free"]], {}),
    "record on two orders": lambda w: (
        "mrp.production", "med_record_parts", [w["done"], w["free"]], {"parts": []}),
    "parts of wrong type": lambda w: (
        "mrp.production", "med_record_parts", [w["free"]], {"parts": "RPC-B5"}),
    "part of wrong type": lambda w: (
        "mrp.production", "med_record_parts", [w["free"]], {"parts": ["RPC-B5"]}),
    "part without a unit": lambda w: (
        "mrp.production", "med_record_parts", [w["free"]], {"parts": [{"part": "RPC-B5"}]}),
    "part of another order": lambda w: ("mrp.production", "med_record_parts", [w["free"]], {
        "parts": [{"unit": "RPC-P3", "part": "RPC-B5"}, {"unit": "RPC-P3", "part": "RPC-B0"}]}),
    "unit of another order": lambda w: ("mrp.production", "med_record_parts", [w["free"]], {
        "parts": [{"unit": "RPC-P1", "part": "RPC-B5"}]}),
    "quantity of wrong type": lambda w: ("mrp.production", "med_record_parts", [w["free"]], {
        "parts": [{"unit": "RPC-P3", "part": "RPC-B5", "quantity": "one"}]}),
    "quantity beyond the order": lambda w: ("mrp.production", "med_record_parts", [w["free"]], {
        "parts": [{"unit": "RPC-P3", "part": "RPC-B5", "quantity": 2}]}),
    "part in two units": lambda w: ("mrp.production", "med_record_parts", [w["free"]], {
        "parts": [{"unit": "RPC-P3", "part": "RPC-B5"}, {"unit": "RPC-P4", "part": "RPC-B5"}]}),
    "unknown source": lambda w: (
        "mrp.production", "med_record_parts", [w["free"]], {"parts": [], "source": "guess"}),
    "unknown rule": lambda w: (
        "mrp.production", "med_assign_parts", [w["free"]], {"rule": "guess"}),
    "no such record": lambda w: ("mrp.production", "med_remove_part", [w["free"]], {
        "link_id": 2 ** 31 - 1, "reason": "x"}),
    "no reason": lambda w: ("mrp.production", "med_remove_part", [w["free"]], {
        "link_id": 1, "reason": " "}),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_sentence_and_changes_nothing(case, rpc, world, site):
    model, method, records, arguments = BAD[case](world)
    before = graph(site)
    with pytest.raises(RpcError) as caught:
        rpc("operator").call(model, method, records, **arguments)
    assert caught.value.kind == "user", caught.value.message[-600:]
    assert 10 < len(caught.value.message) < 400
    assert "Traceback" not in caught.value.message
    assert graph(site) == before


JSON_ONLY = {
    "null direction": ("med_trace", True, {"direction": None}),
    "null depth": ("med_trace", True, {"depth": None}),
    "depth beyond 32 bits": ("med_trace", True, {"depth": 10 ** 30}),
    "null criteria": ("med_trace_by", False, {"criteria": None}),
    "null in criteria": ("med_trace_by", False, {"criteria": {"lot": None}}),
    "null in lot_ids": ("med_trace_by", False, {"criteria": {"lot_ids": [None]}}),
}


@pytest.mark.parametrize("case", JSON_ONLY)
def test_what_only_json_can_say_is_refused_too(case, site, world):
    method, on_lot, arguments = JSON_ONLY[case]
    speak = JsonTwo(site.url, site.database, site.users["viewer"]["api_key"])
    with pytest.raises(RpcError) as caught:
        speak.call("stock.lot", method, [world["resin"]] if on_lot else None, **arguments)
    assert caught.value.kind == "user", caught.value.message[-600:]


def test_huge_numbers_over_json_find_nothing_and_break_nothing(site, world):
    speak = JsonTwo(site.url, site.database, site.users["operator"]["api_key"])
    answer = speak.call(
        "stock.lot", "med_trace_by", criteria={"lot_ids": [10 ** 12, world["resin"]]})
    assert answer["roots"] == [world["resin"]]
    for lot in (10 ** 12, 10 ** 30, -1, 0):
        with pytest.raises(RpcError) as caught:
            speak.call("stock.lot", "med_trace", [lot])
        assert caught.value.kind == "user", (lot, caught.value.message[-600:])
    with pytest.raises(RpcError) as caught:
        speak.call("mrp.production", "med_record_parts", [world["free"]], parts=[
            {"unit": "RPC-P3", "part": "RPC-B5", "quantity": 10 ** 400}])
    assert caught.value.kind == "user", caught.value.message[-600:]


def test_lot_of_another_company_is_refused(rpc, world, refused):
    for method in ("med_trace", "med_balance", "med_evidence"):
        with refused("access"):
            rpc("qa").call("stock.lot", method, [world["foreign"]])
    answer = rpc("qa").call("stock.lot", "med_trace_by", criteria={"lot": "RPC-FOREIGN"})
    assert answer["lots"] == []


def test_private_methods_are_out_of_reach(rpc, world):
    for model, method in (("med.genealogy", "_post"), ("med.genealogy", "_rebuild"),
                          ("med.genealogy", "_backfill"), ("stock.lot", "_med_trace"),
                          ("mrp.production", "_med_record")):
        with pytest.raises(RpcError):
            rpc("admin").call(model, method, [world["resin"]])
