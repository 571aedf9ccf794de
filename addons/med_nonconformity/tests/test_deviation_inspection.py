from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .deviation_case import DeviationCase


@tagged("post_install", "-at_install")
class TestInspectionConcession(DeviationCase):
    """An inspection accepts by concession only under one that is approved and covers the lot."""

    requirement = "ISO-8.3.2 ISO-8.2.6"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan()

    def bad(self, name):
        """Return a submitted inspection of a lot of which one unit failed."""
        return self.finish(self.inspected(name), bad=("2",), decide=None)

    def concession(self, lots, **more):
        return self.approved("concession", lot_ids=[Command.set(lots.ids)], **more)

    def decide(self, inspection, quantity=1, **values):
        inspection.with_user(self.anna).write({
            "conclusion": "Harmless", "concession_quantity": quantity, **values})
        self.sign(inspection, self.anna, "approved")

    def refuse(self, inspection, words, **values):
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            self.decide(inspection, **values)
        self.assertEqual(inspection.state, "submitted")

    def test_a_free_text_is_no_concession(self):
        inspection = self.bad("C-1")
        self.refuse(inspection, "choose the approved", concession_reference="Bert said so")

    def test_a_concession_that_covers_the_lot_is_used_once(self):
        inspection = self.bad("C-2")
        deviation = self.concession(inspection.lot_id, quantity=1)
        self.decide(inspection, deviation_id=deviation.id)
        self.assertRecordValues(inspection, [{
            "state": "concession", "concession_reference": deviation.name,
            "med_signature_status": "valid"}])
        self.assertRecordValues(deviation.use_ids, [{
            "lot_id": inspection.lot_id.id, "quantity": 1, "res_model": "med.inspection",
            "res_id": inspection.id, "document": inspection.name, "user_id": self.anna.id}])
        with self.assertRaisesRegex(UserError, "not changed any more"):
            inspection.with_user(self.anna).write({"deviation_id": False})

    def test_its_number_does_as_well(self):
        inspection = self.bad("C-3")
        deviation = self.concession(inspection.lot_id)
        inspection.with_user(self.anna).write({"concession_reference": deviation.name})
        self.assertEqual(inspection.deviation_id, deviation)
        inspection.with_user(self.anna).write({"concession_reference": "else"})
        self.assertFalse(inspection.deviation_id)

    def test_one_that_does_not_cover_is_told_why(self):
        inspection = self.bad("C-4")
        lot = inspection.lot_id
        for deviation, words in (
                (self.concession(self.lots[:1]), "not for lot C-4"),
                (self.submitted("concession", lot_ids=[Command.set(lot.ids)]), "not approved"),
                (self.concession(lot, quantity=0.5), "0.5 Units are left"),
                (self.approved("unplanned", legal_ok=False, lot_ids=[Command.set(lot.ids)]),
                 "legal requirements"),
                (self.approved(product_ids=[Command.set(self.tube.ids)]), "not for Stent")):
            self.refuse(inspection, words, deviation_id=deviation.id)
        foreign = self.concession(lot)
        self.env.flush_all()
        self.env.cr.execute("UPDATE med_deviation SET company_id = %s WHERE id = %s", [
            self.env["res.company"].create({"name": "Foreign"}).id, foreign.id])
        foreign.invalidate_recordset()
        with self.assertRaises(AccessError):
            inspection.with_user(self.anna).write({"deviation_id": foreign.id})
        inspection.deviation_id = foreign
        self.refuse(inspection, "another company")

    def test_of_serials_those_that_failed_and_those_named_are_used(self):
        screw = self.product("Screw", tracking="serial", med_controlled=True)
        self.plan("final", product_tmpl_ids=[Command.set(screw.product_tmpl_id.ids)])
        serials = self.lots_of(screw, "N-1", "N-2", "N-3")
        self.close(self.order(screw, 3, [], serials))
        inspection = serials[0].med_inspection_ids
        self.assertEqual(inspection.lot_ids, serials)
        self.finish(inspection, bad=("N-2",), decide=None)
        permit = self.approved(
            product_ids=[Command.set(screw.ids)], uom_id=screw.uom_id.id)
        self.refuse(inspection, r"1 \(N-2\)", quantity=2, deviation_id=permit.id)
        other = self.concession(serials[:1], product_ids=[Command.set(screw.ids)])
        self.refuse(inspection, "not for lot N-2", quantity=2, deviation_id=other.id)
        self.decide(inspection, deviation_id=permit.id)
        self.assertEqual(permit.use_ids.mapped("lot_id.name"), ["N-2"])

    def test_it_is_chosen_by_quality_alone(self):
        inspection = self.bad("C-5")
        deviation = self.concession(inspection.lot_id)
        with self.assertRaisesRegex(AccessError, "for quality assurance"):
            inspection.with_user(self.ines).write({"deviation_id": deviation.id})

    def test_no_default_chooses_it(self):
        deviation = self.approved()
        self.env["ir.default"].set("med.inspection", "deviation_id", deviation.id)
        self.assertFalse(self.inspected("C-6").deviation_id)
