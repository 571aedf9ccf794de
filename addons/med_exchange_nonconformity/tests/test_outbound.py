from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .common import NonconformityExchangeCase


@tagged("post_install", "-at_install")
class TestOutbound(NonconformityExchangeCase):
    """What becomes of a nonconformity is told to whom it concerns."""

    requirement = "X1 X2 X5 A3 V8 ISO-8.3.1"

    def test_a_nonconformity_is_told_with_every_step_and_change(self):
        lot = self.in_stock(self.tube, "T-1")
        with self.heard("nonconformity") as heard:
            record = self.reported(lot)
        self.assertEqual(heard.records, record)
        with self.heard("nonconformity") as heard:
            record.with_user(self.anna).partner_id = self.supplier
        self.assertEqual(heard.records, record)
        told = self.export("nonconformity", record)[record.id]
        self.assertEqual(
            (told["number"], told["state"], told["source"], told["product"], told["lots"]),
            (record.name, "reported", "other", "TB-1", [{
                "product": "TB-1", "lot": "T-1", "basis": "reported",
                "quantity": {"value": "10", "unit": "1"}}]))
        record.with_user(self.anna).write({
            "evaluation": "Looks only", "investigation": "not_needed",
            "investigation_reason": "Seen before"})
        for state, meaning in (("evaluated", "reviewed"), ("decided", "approved")):
            with self.heard("nonconformity") as heard:
                self.sign(record, self.anna, meaning,
                          **({"transition": "evaluate"} if state == "evaluated" else {}))
            self.assertEqual(heard.records, record)
            self.assertEqual(self.export("nonconformity", record)[record.id]["state"], state)
            if state == "evaluated":
                with self.heard("nonconformity") as heard:
                    record.line_ids.with_user(self.anna).write({"decision": "scrap"})
                self.assertEqual(heard.records, record)
                [told] = self.export("nonconformity", record)[record.id]["lots"]
                self.assertNotIn("decision", told)
        [told] = self.export("nonconformity", record)[record.id]["lots"]
        self.assertEqual(told["decision"], "scrap")

    def test_what_is_written_inside_is_not_told(self):
        record = self.evaluated(self.in_stock(self.tube, "T-1"))
        self.assertNotIn("Looks only", str(self.export("nonconformity", record)))
        with self.heard("nonconformity") as heard:
            record.with_user(self.anna).owner_id = self.anna
        self.assertFalse(heard.records)

    def test_it_is_found_by_its_number(self):
        record = self.reported(self.in_stock(self.tube, "T-1"))
        found = self.handler("nonconformity")._med_find(self.mes, [record.name, "NONE"])
        self.assertEqual({code: one.id for code, one in found.items()}, {record.name: record.id})

    def test_a_party_hears_of_what_is_about_it_or_by_it_alone(self):
        mine = self.reported(self.in_stock(self.tube, "T-1"))
        self.assertFalse(self.knows(self.processor, "nonconformity", mine))
        mine.with_user(self.anna).partner_id = self.supplier
        self.assertTrue(self.knows(self.processor, "nonconformity", mine))
        self.assertFalse(self.knows(self.dealer, "nonconformity", mine))
        self.assertTrue(self.knows(self.mes, "nonconformity", mine))
        lot = self.in_stock(self.stent, "S-1")
        self.deliver([(self.stent, lot, 4)])
        ours = self.reported(lot)
        self.assertFalse(self.knows(self.dealer, "nonconformity", ours))
        his = self.apply("nonconformity", self.told("S-1", product="ST-1"), self.dealer)
        self.assertTrue(self.knows(self.dealer, "nonconformity", his))
        self.assertFalse(self.knows(self.processor, "nonconformity", his))

    def test_it_is_told_to_no_party_once_it_concerns_lots_of_others(self):
        mine = self.reported(self.in_stock(self.tube, "T-1"))
        mine.with_user(self.anna).partner_id = self.supplier
        self.assertTrue(self.knows(self.processor, "nonconformity", mine))
        others = self.receive(self.tube, {"THEIRS": 5}, self.other_supplier)
        mine.with_user(self.anna).add_lots(lots=others.ids)
        self.assertFalse(self.knows(self.processor, "nonconformity", mine))
        self.assertTrue(self.knows(self.mes, "nonconformity", mine))

    def test_nobody_hears_without_the_right_or_of_another_company(self):
        record = self.reported()
        company = self.env["res.company"].create({"name": "Far Away"})
        far = self.reported()
        self.env.cr.execute("UPDATE med_nonconformity SET company_id = %s WHERE id = %s",
                            [company.id, far.id])
        far.invalidate_recordset()
        self.assertFalse(self.knows(self.mes, "nonconformity", far))
        self.assertFalse(self.handler("nonconformity")._med_find(self.mes, [far.name]))
        self.assertTrue(self.knows(self.mes, "nonconformity", record))
        self.mes.right_ids.filtered(lambda right: (right.schema, right.direction) == (
            "nonconformity", "out")).unlink()
        self.assertFalse(self.knows(self.mes, "nonconformity", record))

    def test_a_partners_user_reads_no_nonconformity(self):
        self.reported()
        for model in ("med.nonconformity", "med.nonconformity.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.dealer.user_id).search([], limit=1).read(["id"])
