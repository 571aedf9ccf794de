from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .deviation_case import DeviationCase


@tagged("post_install", "-at_install")
class TestDeviationBox(DeviationCase):
    """What is used is counted against the box; outside of it nothing is used."""

    requirement = "ISO-8.3.2 CN-GMP-QA"

    def refused(self, deviation, words, *rows, **kw):
        before = deviation.use_count
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            self.use(deviation, *rows, **kw)
        self.assertEqual(deviation.use_count, before)

    def test_uses_are_counted_until_the_box_is_empty(self):
        deviation = self.approved()
        self.use(deviation, (self.stent, self.lots[0], 4), (self.stent, None, 2))
        self.assertRecordValues(deviation, [{"used": 6, "left": 4, "use_count": 2}])
        self.refused(deviation, "4 Units are left, and 4.5 are asked", (self.stent, None, 4.5))
        self.refused(deviation, "4 Units are left, and 5 are asked",
                     (self.stent, None, 3), (self.stent, self.lots[0], 2))
        self.use(deviation, (self.stent, None, 4))
        self.assertRecordValues(deviation, [{
            "used": 10, "left": 0, "condition": "used_up", "in_force": True}])
        self.refused(deviation, "0 Units are left", (self.stent, None, 1))
        self.assertRecordValues(deviation.use_ids[-1], [{
            "quantity": 4, "res_model": "res.partner", "res_id": self.supplier.id,
            "lot_id": self.lots[0].id, "document": self.supplier.display_name,
            "user_id": self.env.uid, "date": fields.Datetime.now()}])

    def test_it_counts_in_its_own_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        deviation = self.approved(quantity=1, uom_id=dozen.id)
        for _unit in range(12):
            self.use(deviation, (self.stent, None, 1))
        self.assertEqual(deviation.left, 0)
        self.refused(deviation, "0 Dozens are left", (self.stent, None, 0.05))

    def test_it_begins_and_ends_by_itself(self):
        start = fields.Datetime.now() + timedelta(hours=1)
        deviation = self.approved(date_from=start, date_to=start + timedelta(hours=1))
        row = (self.stent, None, 1)
        Deviation = self.env["med.deviation"]
        for minutes, condition, words in (
                (0, "waiting", "begins only on"), (60, "in_force", ""), (60, "in_force", ""),
                (1, "ended", "ended on")):
            self.clock.tick(timedelta(minutes=minutes))
            deviation.invalidate_recordset()
            self.assertEqual(deviation.condition, condition)
            found = Deviation.search([("in_force", "=", True), ("id", "=", deviation.id)])
            self.assertEqual(bool(found), condition == "in_force")
            self.assertRegex(deviation._med_covers(self.stent, self.lots[0], 1), words or "^$")
            if words:
                self.refused(deviation, words, row)
            else:
                self.use(deviation, row)

    def test_only_from_its_approval_on(self):
        deviation = self.submitted(date_from="2020-01-01")
        self.refused(deviation, "not approved: it is “Submitted”", (self.stent, None, 1))
        before = fields.Datetime.now()
        self.clock.tick(60)
        self.sign(deviation, self.anna, "approved")
        self.refused(deviation, "was approved only on", (self.stent, None, 1), at=before)
        self.use(deviation, (self.stent, None, 1), at=fields.Datetime.now())
        deviation.with_user(self.anna).med_transition("withdraw", "Over")
        self.refused(deviation, "not approved: it is “Withdrawn”", (self.stent, None, 1))

    def test_only_what_it_names(self):
        deviation = self.approved("concession")
        self.refused(deviation, "not for Tube", (self.tube, None, 1))
        self.refused(deviation, "not for lot D-3", (self.stent, self.lots[2], 1))
        self.refused(deviation, "not for lot TT", (
            self.stent, self.lots_of(self.tube, "TT"), 1))
        self.refused(deviation, "say which one", (self.stent, None, 1))
        self.refused(deviation, "not for lot D-3", (self.stent, self.lots[0], 1),
                     (self.stent, self.lots[2], 1))
        wide = self.approved()
        self.refused(wide, "not for lot TU", (self.stent, self.lots_of(self.tube, "TU"), 1))

    def test_what_limits_nothing_allows_nothing(self):
        open_box = self.approved("unplanned", lot_ids=False)
        self.refused(open_box, "neither lots nor quantity", (self.stent, None, 1))
        named = self.approved("unplanned")
        self.use(named, (self.stent, self.lots[0], 5000))
        self.assertRecordValues(named, [{"used": 5000, "left": 0, "condition": "in_force"}])
        self.refused(named, "not for lot D-3", (self.stent, self.lots[2], 1))

    def test_nothing_and_less_than_nothing_are_not_used(self):
        deviation = self.approved()
        for rows in ((), ((self.stent, None, 0),), ((self.stent, None, -1),),
                     ((self.stent, None, float("nan")),)):
            self.refused(deviation, "above zero", *rows)

    def test_a_document_of_another_company_uses_nothing(self):
        deviation = self.approved()
        foreign = self.env["res.company"].create({"name": "Foreign"})
        self.refused(deviation, "of another company", (self.stent, None, 1),
                     document=self._warehouse(foreign))

    def test_what_is_given_back_is_a_row_of_its_own(self):
        deviation = self.approved()
        self.use(deviation, (self.stent, self.lots[0], 6))
        self.use(deviation, (self.stent, self.lots[0], 1), document=self.hospital)
        for _again in range(2):
            deviation._med_give_back(self.supplier)
        self.assertEqual(deviation.use_ids.sorted("id").mapped("quantity"), [6, 1, -6])
        self.assertRecordValues(deviation, [{"used": 1, "left": 9, "use_count": 3}])

    def test_uses_are_made_by_documents_alone_and_never_changed(self):
        deviation = self.approved()
        self.use(deviation, (self.stent, None, 1))
        values = {"deviation_id": deviation.id, "company_id": self.company.id, "quantity": -1,
                  "product_id": self.stent.id, "user_id": self.env.uid, "counted": -1,
                  "date": fields.Datetime.now()}
        for user in (self.ines, self.anna, self.env.ref("base.user_root")):
            uses = deviation.with_user(user).use_ids
            with self.assertRaises(AccessError):
                uses.create(values)
            with self.assertRaises(AccessError):
                uses.write({"counted": 0})
            with self.assertRaises(UserError):
                uses.unlink()
            with self.assertRaises(UserError):
                deviation.with_user(user).write({"use_ids": [Command.clear()]})
        self.assertEqual(deviation.used, 1)

    def test_hostile_defaults_do_not_get_into_a_use(self):
        deviation = self.approved()
        forged = deviation.with_context(
            default_counted=0, default_quantity=0, default_user_id=1, default_lot_id=1)
        self.use(forged, (self.stent, None, 2))
        self.assertRecordValues(deviation.use_ids, [{
            "quantity": 2, "counted": 2, "lot_id": False, "user_id": self.env.uid}])

    def test_programs_read_the_box(self):
        deviation = self.approved()
        self.use(deviation, (self.stent, None, 2.5))
        told = deviation.with_user(self.ines).med_box()
        self.assertEqual(told, {"version": 1, "rows": [{
            "deviation": deviation.id, "name": deviation.name, "kind": "planned",
            "state": "approved", "in_force": True, "limited": True, "quantity": 10.0,
            "used": 2.5, "left": 7.5, "unit": "Units",
            "from": deviation.date_from.isoformat() + "Z",
            "to": deviation.date_to.isoformat() + "Z"}]})
        with self.assertRaises(AccessError):
            deviation.with_user(self.keeper).med_box()
