"""One recall from the first suspicion to its end, across all recall addons, as programs see it.

Raw material went into two finished lots, and these to hospitals in China and in the United States.
"""

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from plain import assert_plain

from lib.rpc import RpcError, XmlRpc

requirement = "CN-RC-2 CN-RC-9 CN-RC-11 CN-RC-12 FDA-7.46 FDA-7.53 FDA-7.55 FDA-806.10 TRC-3 C7"

TESTS = Path(__file__).resolve().parents[1]
WORLD = (TESTS / "trace_flow.py").read_text() + (TESTS / "recall_flow.py").read_text() + """
flow, people = Flow(env), RecallFlow(env)
people.grant(people.assessor, "verified", "performed", "approved")
people.grant(people.decider, "witnessed")
releaser = env["res.users"].search([("login", "=", "test_qa_release")]).copy({
    "name": "recall_releaser", "login": "recall_releaser", "password": "recall_releaser"})
env.cr.execute("UPDATE res_users SET med_password_temporary = false")
env.invalidate_all()
people.grant(releaser, "released")
env.company.med_us_registration = "1234567"
people.decider.partner_id.phone = "5550100"

def release(lots):
    decision = env["med.disposition"].with_user(releaser).create({"note": "fine", "line_ids": [
        Command.create({"lot_id": lot.id, "status": "released"}) for lot in lots]})
    decision.med_sign("released", releaser.login, releaser.login)

supplier = env["res.partner"].create({"name": "Flow supplier"})
made = []
for run in range(2):
    raw, one, two = (flow.product(f"Flow {name} {run}") for name in ("resin", "pump", "valve"))
    (raw | one | two).med_controlled = True
    env["med.gate"].create([{"product_tmpl_id": part.product_tmpl_id.id, "mode": "enforce"}
                            for part in raw | one | two])
    [resin], [pump], [valve] = (flow.lots(part, f"{part.name} L")
                                for part in (raw, one, two))
    flow.receive([(resin, 12)], supplier)
    release(resin)
    for product, lot in ((one, pump), (two, valve)):
        flow.close(flow.order(product, 5, [(raw, resin, 5)], lots=lot))
    release(pump | valve)
    hospitals = env["res.partner"].create([
        {"name": f"Flow hospital {code} {run}", "email": f"{code}{run}@example.com",
         "country_id": env.ref(f"base.{code}").id} for code in ("cn", "us")])
    for hospital, lot, quantity in zip(hospitals, (pump, valve), (4, 3)):
        flow.picking([(lot, quantity)], hospital)._action_done()
    env.cr.commit()
    made.append({
        "resin": resin.id, "pump": pump.id, "valve": valve.id, "names": {
            lot.id: lot.name for lot in resin | pump | valve},
        "hospitals": hospitals.ids, "emails": hospitals.mapped("email"),
        "delivery": flow.picking([(pump, 1)], hospitals[0]).id})
tell({"made": made, "assessor": people.assessor.id, "markets": {
    market.code: market.id for market in env["med.jurisdiction"].search([])},
    "levels": {level.code: level.id for level in env["med.recall.class"].search([])}})
"""
# Writes the mails of notices and sends them to nowhere; tells what each one said.
POST = """
from unittest.mock import patch
env["med.recall.notice"]._cron_write()
mails = env["med.recall.notice"].search([("recall_id", "=", %s)]).mail_id
Server = env.registry["ir.mail_server"]
with patch.object(Server, "_connect__", lambda *args, **kw: None), patch.object(
        Server, "send_email", lambda self, message, *args, **kw: message["Message-Id"]):
    mails.send()
tell({mail.email_to: mail.body_html for mail in mails})
"""
HAZARD = ("event", "conditions", "population", "seriousness", "likelihood", "consequences",
          "conclusion")


class Caller:
    """Calls as roles, and signs as persons through the caller of a role."""

    def __init__(self, rpc):
        self.rpc = rpc

    def make(self, role, model, values):
        caller = self.rpc(role)
        if isinstance(caller, XmlRpc):
            return caller.call(model, "create", [values])[0]
        return caller.call(model, "create", vals_list=[values])[0]

    def read(self, model, domain, names, role="qa"):
        return self.rpc(role).call(model, "search_read", domain=domain, fields=names, order="id")

    def sign(self, role, model, record, who, meaning, **more):
        login = f"recall_{who}"
        [row] = self.rpc(role).call(model, "med_sign", [record], meaning=meaning, login=login,
                                    secret=login, **more)["signatures"]
        return row["state"]

    def report(self, recall, code, **values):
        """Fill in a report to an authority, have it signed, and submit it."""
        [kind] = self.read("med.recall.report.kind", [("code", "=", code)], ["id"])
        report = self.make("regulatory", "med.recall.report", {
            "recall_id": recall, "kind_id": kind["id"], **values})
        lines = self.read("med.recall.report.line", [("report_id", "=", report)],
                          ["text", "required", "key"])
        for line in lines:
            if line["required"] and not line["text"]:
                self.rpc("regulatory").call("med.recall.report.line", "write", [line["id"]],
                                            vals={"text": "As the file says"})
        self.sign("regulatory", "med.recall.report", report, "decider", "approved")
        told = self.rpc("regulatory").call("med.recall.report", "submit", [report],
                                           channel="portal", reference=f"{code}-1")
        assert told["state"] == "submitted"
        return {line["key"]: line["text"] for line in lines}


def answer_page(site, link, **form):
    """Answer on the page that a letter names, as a browser without any session does."""
    url = site.url + urllib.parse.urlsplit(link).path
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(url).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    data = urllib.parse.urlencode({"csrf_token": token, "step": "answer", **form}).encode()
    assert browser.open(url, data).status == 200
    return page


def test_a_recall_runs_from_a_suspicion_to_its_end(site, rpc, world):
    batch, go = world["made"].pop(), Caller(rpc)
    qa, warehouse, regulatory = rpc("qa"), rpc("warehouse"), rpc("regulatory")
    names = {int(lot): name for lot, name in batch["names"].items()}

    # A suspicion stops the raw lot; finding what belongs to it stops the rest.
    told = warehouse.call("med.recall", "report_suspicion", summary="Resin is brittle",
                          lots=[batch["resin"]], reason="Two parts broke")
    recall = told["recall"]
    assert told["held"] == 1
    qa.call("med.recall", "write", [recall], vals={
        **{f"hazard_{name}": "None known" for name in HAZARD}, "owner_id": world["assessor"],
        "assessor_ids": [[6, 0, [world["assessor"]]]],
        "level_ids": [[0, 0, {"jurisdiction_id": world["markets"][code[:2].upper()],
                              "class_id": world["levels"][code]}] for code in ("cn_2", "us_2")]})
    told = qa.call("med.recall", "draw", [recall])
    assert (told["lots"], told["consignees"], told["held"]) == (3, 2, 3)
    with pytest.raises(RpcError, match="[Hh]eld|hold"):
        warehouse.call("stock.picking", "button_validate", [batch["delivery"]])

    # Judged by one person, decided by another.
    assert go.sign("qa", "med.recall", recall, "assessor", "reviewed",
                   transition="assess") == "assessed"
    qa.call("med.recall", "write", [recall], vals={
        "action": "take_back", "instruction": "Do not use; send back"})
    assert go.sign("regulatory", "med.recall", recall, "decider", "approved",
                   transition="decide") == "decided"

    # Letters leave, and the consignees answer.
    letter = go.make("qa", "med.recall.letter", {"recall_id": recall, "lang": "en_US"})
    go.sign("regulatory", "med.recall.letter", letter, "decider", "approved")
    [notify] = go.read("med.recall.clock", [("recall_id", "=", recall), ("due", "=", "notify")],
                       ["id"])
    with pytest.raises(RpcError, match="0 of 2 consignees"):
        regulatory.call("med.recall.clock", "finish", [notify["id"]], evidence="Letters")
    assert regulatory.call("med.recall", "send_notices", [recall])["queued"] == 2
    letters = site.told(POST % recall)
    links = [re.search(r'href="([^"]+/recall/[^"]+)"', letters[email])[1]
             for email in batch["emails"]]
    pump, valve = batch["pump"], batch["valve"]
    page = answer_page(site, links[0], person="Dr. Li", **{
        f"held_{pump}": 2, f"used_{pump}": 2, f"to_return_{pump}": 2})
    assert names[pump] in page and names[valve] not in page
    answer_page(site, links[1], person="Dr. Doe", **{f"held_{valve}": 3, f"to_return_{valve}": 3})
    regulatory.call("med.recall.clock", "finish", [notify["id"]], evidence="Letters, answered")
    go.report(recall, "cn_form")
    go.report(recall, "cn_plan")
    said = go.report(recall, "us_806_10", designation="r")
    assert "1234567-" in said["number"] and "-R" in said["number"]
    assert said["communications"].startswith("en_US") and "{{lots}}" in said["communications"]

    # What comes back is scanned, and destroyed with what never left; the rest was used.
    for hospital, lot, quantity in zip(batch["hospitals"], (pump, valve), (2, 3), strict=True):
        back = go.make("warehouse", "med.recall.return", {
            "recall_id": recall, "partner_id": hospital})
        told = warehouse.call("med.recall.return", "scan", [back], code=names[lot],
                              quantity=quantity)
        assert_plain(told)
        assert not told["told"]
        warehouse.call("med.recall.return", "med_transition", [back], name="receive")
    qa.call("med.recall", "write", [recall], vals={
        "effect": "All found", "conclusion": "The resin is bought elsewhere"})
    with pytest.raises(RpcError, match="without a final state"):
        go.sign("qa", "med.recall", recall, "assessor", "verified", transition="complete")
    warehouse.call("med.recall", "settle", [recall], rows=[{
        "lot": pump, "consignee": batch["hospitals"][0], "kind": "consumed", "quantity": 2}],
        evidence="Answer of Dr. Li")
    destruction = go.make("qa", "med.recall.destruction", {
        "recall_id": recall, "method": "shredding", "place": "Yard 2"})
    qa.call("med.recall.destruction", "action_fill", [destruction])
    go.sign("qa", "med.recall.destruction", destruction, "assessor", "performed")
    assert go.sign("qa", "med.recall.destruction", destruction, "decider", "witnessed") == "done"
    told = qa.call("med.recall", "reconcile", [recall])
    assert_plain(told)
    assert told["settled"]
    assert {name: value for name, value in told["totals"].items() if value} == {
        "in_scope": 12, "destroyed": 10, "consumed": 2, "returned": 5}
    said = go.report(recall, "us_7_53")
    assert (said["notified"], said["responding"], said["not_responding"]) == (
        "2 of 2 notices sent", "2 answered; 5 on hand", "0")
    assert said["returned"] == "5 returned, 0 corrected"

    # The end: complete, summary, questions, termination.
    assert go.sign("qa", "med.recall", recall, "assessor", "verified",
                   transition="complete") == "completed"
    with pytest.raises(RpcError, match="not answered with evidence"):
        go.sign("regulatory", "med.recall", recall, "decider", "approved",
                transition="terminate")
    checks = go.read("med.recall.checklist", [("recall_id", "=", recall)], ["id"])
    regulatory.call("med.recall.checklist", "write", [row["id"] for row in checks], vals={
        "result": "yes", "evidence": "File 7"})
    go.report(recall, "cn_summary")
    for clock in go.read("med.recall.clock", [("recall_id", "=", recall), (
            "state", "=", "running"), ("due", "=", "publication")], ["id"]):
        regulatory.call("med.recall.clock", "finish", [clock["id"]], evidence="Site of 2 May")
    assert go.sign("regulatory", "med.recall", recall, "decider", "approved",
                   transition="terminate") == "terminated"
    told = qa.call("med.recall", "clocks", [recall])
    assert_plain(told)
    assert {clock["status"] for clock in told["clocks"]} <= {"done", "unneeded"}

    # Its holds stay, and a person lifts each.
    holds = go.read("med.hold", [("source_model", "=", "med.recall"), ("source_id", "=", recall),
                                 ("state", "=", "open")], ["id"])
    assert site.sql("SELECT count(DISTINCT lot_id) FROM med_hold_line WHERE open AND hold_id IN "
                    f"({','.join(str(hold['id']) for hold in holds)})") == [["3"]]
    for hold in holds:
        qa.call("med.hold", "write", [hold["id"]], vals={"conclusion": "Nothing is left"})
        assert go.sign("qa", "med.hold", hold["id"], "assessor", "approved") == "lifted"
    [[number]] = site.sql(f"SELECT name FROM med_recall WHERE id = {recall}")
    evidence = site.shell(
        f"print(env['stock.lot'].browse({pump})._med_evidence_json().decode())")
    assert number in evidence
    assert site.sql("SELECT transition FROM med_signature WHERE res_model = 'med.recall' "
                    f"AND res_id = {recall} ORDER BY id") == [
        ["assess"], ["decide"], ["complete"], ["terminate"]]
    trail = " ".join(body for [body] in site.sql(
        f"SELECT body FROM med_audit.entry WHERE model = 'med.recall' AND res_id = {recall}"))
    for state in ("open", "assessed", "decided", "completed", "terminated"):
        assert f'"{state}"' in trail, state
