from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RiskCase


@tagged("post_install", "-at_install")
class TestLinks(RiskCase):
    """What happens to devices comes back to their hazards (ISO 14971, 10)."""

    requirement = "ISO-7.1 Q11"

    def test_what_is_linked_after_the_review_asks_for_the_next_one(self):
        record = self.reviewed()
        case, found = self.case(), self.reported()
        found.with_user(self.anna).hazard_ids = record
        self.assertTrue(record.review_needed)
        self.assertEqual(record.activity_ids.user_id, self.anna)
        self.assertIn(found.name, record.activity_ids.summary)
        record.with_user(self.anna).capa_ids = case
        self.assertEqual((len(record.activity_ids), case.hazard_ids, case.hazard_count),
                         (1, record, 1))
        new = record.browse(record.with_user(self.anna).revise(reason="Open seal")["hazard"])
        self.assertEqual((new.nonconformity_ids, new.capa_ids), (found, case))
        late = self.reported()
        late.with_user(self.anna).hazard_ids = record
        self.assertEqual(new.nonconformity_ids, found | late)
        self.review_it(new)
        self.assertEqual((record.review_needed, new.review_needed), (False, False))
        self.assertEqual(found.hazard_count, 1)
        self.assertEqual(found.action_hazards()["domain"], [("id", "in", new.ids)])

    def test_what_was_known_at_the_review_asks_for_nothing(self):
        found = self.reported()
        record = self.hazard()
        record.nonconformity_ids = found
        self.review_it(record)
        self.assertFalse(record.review_needed)
        record.with_user(self.anna).write({"nonconformity_ids": [Command.link(found.id)]})
        self.assertFalse(record.review_needed)

    def test_nonconformities_of_a_year_are_counted(self):
        record = self.hazard()
        old = self.reported()
        self.clock.tick(366 * 86400)
        record.nonconformity_ids = old | self.reported()
        self.assertEqual(record.event_count, 1)

    def test_hazards_are_linked_by_those_who_keep_them(self):
        record = self.reviewed()
        found = self.reported()
        with self.assertRaises(AccessError):
            found.with_user(self.ines).hazard_ids = record
        with self.assertRaises(AccessError):
            self.env["med.deviation"].with_user(self.ines).create({"hazard_ids": record.ids})
        capa = self.case()
        capa.with_user(self.ines).hazard_ids = record  # its owner
        with self.assertRaises(AccessError):
            capa.with_user(self.ivan).hazard_ids = False
        hostile = self.env["med.capa"].with_user(self.anna).with_context(
            default_hazard_ids=record.ids)
        self.assertFalse(hostile.create({"summary": "x"}).hazard_ids)

    def test_a_lot_tells_the_hazards_of_its_nonconformities(self):
        lot, other = self.in_stock(self.stent, "H1", "H2")
        record = self.reviewed(nonconformity_ids=self.reported(lot).ids)
        rows = {one.name: next(part["rows"] for part in one._med_evidence_sections()
                               if part["key"] == "hazards") for one in (lot, other)}
        self.assertEqual([(row["name"], row["residual"], row["signed"]) for row in rows["H1"]],
                         [(record.name, "Reduce as Far as Possible", self.bert.name)])
        self.assertEqual(rows["H2"], [])
