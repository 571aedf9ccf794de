"""The end of a recall that reaches goods at a processor, as our programs drive it (JSON-2)."""

from decimal import Decimal
from pathlib import Path

FLOW = (Path(__file__).parent / "trace_flow.py").read_text()
HAZARD = ("event", "conditions", "population", "seriousness", "likelihood", "consequences",
          "conclusion")
BECAME = ("used", "scrapped", "returned", "adjusted")
CAME = ("opening", "late", "sent", "made")


def exact(value):
    return Decimal(str(value))


class RecallOutside:
    """A recall whose lots are found and held, on its way to its end.

    :param we: what our own people call with; its ``ours(role)`` is a client
    """

    def __init__(self, we, site, world, recall):
        self.ours, self.site, self.world, self.recall = we.ours, site, world, recall

    def make(self, role, model, **values):
        return self.ours(role).call(model, "create", vals_list=[values])[0]

    def sign(self, role, model, record, who, meaning, **more):
        told = self.ours(role).call(model, "med_sign", [record], meaning=meaning,
                                    login=self.world[who], secret=self.world[who], **more)
        return told["signatures"][0]["state"]

    def write(self, role, **vals):
        self.ours(role).call("med.recall", "write", [self.recall], vals=vals)

    def decide_and_tell(self, consignee):
        """Have it assessed and decided by two people, and its one consignee told."""
        self.write("qa", owner_id=self.world["assessor_id"],
                   assessor_ids=[[6, 0, [self.world["assessor_id"]]]],
                   level_ids=[[0, 0, {"jurisdiction_id": self.world["market"],
                                      "class_id": self.world["level"]}]],
                   **{f"hazard_{name}": "None known" for name in HAZARD})
        assert self.sign("qa", "med.recall", self.recall, "assessor", "reviewed",
                         transition="assess") == "assessed"
        told = self.ours("qa").call("med.recall", "draw", [self.recall])
        assert told["consignees"] == 1, told
        self.write("qa", action="take_back", instruction="Do not use; send back")
        assert self.sign("regulatory", "med.recall", self.recall, "decider", "approved",
                         transition="decide") == "decided"
        letter = self.make("qa", "med.recall.letter", recall_id=self.recall, lang="en_US")
        self.sign("regulatory", "med.recall.letter", letter, "decider", "approved")
        assert self.ours("regulatory").call(
            "med.recall", "send_notices", [self.recall])["queued"] == 1
        [row] = self.ours("qa").call("med.recall.notice", "search_read", fields=["partner_id"],
                                     domain=[["recall_id", "=", self.recall]])
        assert row["partner_id"][0] == consignee

    # ------------------------------------------------------------------ where it is

    def has(self, lot, quantity, **more):
        """The list of stock at processors has so much of a lot."""
        rows = self.ours("qa").call(
            "med.outsourcing.stock", "search_read", domain=[["lot_id", "=", lot]],
            fields=["processor_id", "quantity", "held"])
        assert sum(row["quantity"] for row in rows) == quantity, rows
        for row in rows:
            assert row["processor_id"][0] == self.world["sterile"]["file"]
            assert all(row[name] == value for name, value in more.items()), rows

    def reconciled(self):
        """Return the balance; everything in scope is somewhere, and postings explain all."""
        told = self.ours("qa").call("med.recall", "reconcile", [self.recall])
        for row in told["lots"]:
            assert not row["difference"] and not row["excess"], row
            assert exact(row["in_scope"]) == sum(exact(row[name]) for name in (
                "still_here", "with_consignees", "destroyed", "corrected", "consumed",
                "transformed", "supplier", "released", "unaccounted")), row
        return told

    def balance(self, lot, **wanted):
        [row] = [one for one in self.reconciled()["lots"] if one["lot"] == lot]
        states = {name: row[name] for name in (
            "in_scope", "still_here", "with_consignees", "destroyed", "returned", "consumed",
            "unaccounted") if row[name]}
        assert states == wanted, row

    # ------------------------------------------------------------------ what becomes of it

    def take_back(self, consignee, lot, quantity):
        """Receive what a consignee sends back."""
        warehouse = self.ours("warehouse")
        back = self.make("warehouse", "med.recall.return", recall_id=self.recall,
                         partner_id=consignee)
        told = warehouse.call("med.recall.return", "scan", [back], code=lot["name"],
                              quantity=quantity)
        assert not told["told"], told
        warehouse.call("med.recall.return", "med_transition", [back], name="receive")

    def destroy_there(self, lot, quantity):
        """Destroy units at the processor's, before a witness."""
        place = self.world["sterile"]["place"]
        destruction = self.make(
            "qa", "med.recall.destruction", recall_id=self.recall, method="shredding",
            place="At the steriliser", line_ids=[
                [0, 0, {"lot_id": lot, "location_id": place, "quantity": quantity}]])
        self.witnessed(destruction)

    def count_there(self, lot, quantity):
        """Count less at the processor's than the books say, and say why it is not to be found."""
        admin, place = self.ours("admin"), self.world["sterile"]["place"]
        [quant] = admin.call("stock.quant", "search_read", fields=["quantity"], domain=[
            ["lot_id", "=", lot], ["location_id", "=", place]])
        admin.call("stock.quant", "write", [quant["id"]], vals={"inventory_quantity": quantity},
                   context={"inventory_mode": True})
        admin.call("stock.quant", "action_apply_inventory", [quant["id"]])
        self.ours("qa").call("med.recall", "settle", [self.recall], rows=[{
            "lot": lot, "consignee": 0, "kind": "lost", "quantity": quant["quantity"] - quantity}],
            evidence="Counted by two people on 3 March")

    def destroy_the_rest(self):
        destruction = self.make("qa", "med.recall.destruction", recall_id=self.recall,
                                method="shredding", place="Yard 2")
        self.ours("qa").call("med.recall.destruction", "action_fill", [destruction])
        self.witnessed(destruction)

    def witnessed(self, destruction):
        self.sign("qa", "med.recall.destruction", destruction, "assessor", "performed")
        assert self.sign("qa", "med.recall.destruction", destruction, "decider",
                         "witnessed") == "done"

    # ------------------------------------------------------------------ the end

    def check_effect(self):
        """Ask the consignee whether it reached him; the recall counts it."""
        plan = self.make("qa", "med.recall.check.plan", recall_id=self.recall, level="A")
        assert self.ours("qa").call("med.recall.check.plan", "draw", [plan]) == {
            "version": 1, "population": 1, "drawn": 1}
        [check] = self.ours("qa").call("med.recall.check", "search",
                                       domain=[["plan_id", "=", plan]])
        self.ours("qa").call("med.recall.check", "write", [check], vals={
            "method": "phone", "result": "followed", "person": "Dr. Li"})
        [row] = self.ours("qa").call("med.recall.check.plan", "read", [plan], fields=["verdict"])
        assert row["verdict"] == "passed"

    def complete(self):
        """Complete it: each unit has its final state; what the processor had is among them."""
        told = self.reconciled()
        assert told["settled"], [row for row in told["lots"] if not row["settled"]]
        totals = {name: value for name, value in told["totals"].items() if value}
        assert totals == {"in_scope": 1000, "destroyed": 999, "unaccounted": 1, "returned": 20}
        self.write("qa", effect="All found, at the hospital and at the steriliser",
                   conclusion="The tube is bought elsewhere")
        return self.sign("qa", "med.recall", self.recall, "assessor", "verified",
                         transition="complete")

    def statement(self, processor):
        """Return the sums of this month at a processor by lot: what came is what became of it."""
        [[today]] = self.site.sql("SELECT current_date")
        statement = self.make("qa", "med.outsourcing.statement", processor_id=processor,
                              date_from=today)
        rows = self.ours("qa").call(
            "med.outsourcing.statement.line", "search_read",
            domain=[["statement_id", "=", statement]],
            fields=["lot_name", *CAME, *BECAME, "closing", "there", "difference"])
        assert rows
        for row in rows:
            assert sum(exact(row[name]) for name in CAME) == exact(row["closing"]) + sum(
                exact(row[name]) for name in BECAME), row
            assert row["closing"] == row["there"] and not row["difference"], row
        return {row["lot_name"]: {name: row[name] for name in (
            *CAME, *BECAME, "there")} for row in rows}
