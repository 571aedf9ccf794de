from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import QualityCase


@tagged("post_install", "-at_install")
class TestHolds(QualityCase):
    """Held at once, told what is gone, lifted by a signature."""

    requirement = "ISO-8.3.1 ISO-8.3.3 CN-GSP-4 T2 Q2"

    def reserved(self, lot, quantity, picked=False):
        picking = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.out_type_id.id, "location_id": self.stock.id,
            "location_dest_id": self.customers.id, "partner_id": self.hospital.id,
            "move_ids": [Command.create({
                "product_id": lot.product_id.id, "product_uom_qty": quantity,
                "location_id": self.stock.id, "location_dest_id": self.customers.id})]})
        picking.action_confirm()
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, lot)
        picking.move_ids.picked = picked
        return picking

    def quant(self, lot):
        return lot.quant_ids.filtered(lambda one: one.location_id == self.stock)

    def test_a_hold_takes_reservations_back_and_tells_what_is_picked_and_gone(self):
        lot = self.in_stock(self.stent, "TAKEN")
        self.deliver([(self.stent, lot, 3)])
        waiting, picked = self.reserved(lot, 2), self.reserved(lot, 1, picked=True)
        hold, told = self.hold(lot)
        self.assertFalse(waiting.move_line_ids)
        self.assertEqual(waiting.move_ids.state, "confirmed")
        self.assertEqual(self.quant(lot).reserved_quantity, 1)
        self.assertEqual((told["held"], told["unreserved"]), (1, 1))
        self.assertEqual(told["picked"], [{
            "line": picked.move_line_ids.id, "lot": lot.id, "document": picked.name}])
        self.assertEqual(told["gone"], [{"lot": lot.id, "quantity": 3.0}])
        self.assertIn(picked.name, "".join(hold.message_ids.mapped("body")))
        self.assertEqual(hold.activity_ids.user_id, self.anna)
        self.assertEqual(lot.med_condition, "Released, Held")

    def test_two_packages_of_one_lot_are_both_freed(self):
        lot = self.in_stock(self.stent, "PACKED", quantity=4)
        packages = self.env["stock.package"].create([{"name": "P1"}, {"name": "P2"}])
        quant = self.quant(lot)
        quant.sudo().write({"package_id": packages[0].id, "quantity": 2})
        quant.sudo().copy_data()
        self.env["stock.quant"].sudo()._update_available_quantity(
            self.stent, self.stock, 2, lot_id=lot, package_id=packages[1])
        picking = self.reserved(lot, 3)
        self.assertEqual(len(picking.move_line_ids), 2)
        self.hold(lot)
        self.assertEqual(sum(self.quant(lot).mapped("reserved_quantity")), 0)
        self.assertFalse(picking.move_line_ids)

    def test_it_is_lifted_by_quality_with_a_conclusion_and_a_signature(self):
        lot = self.in_stock(self.stent, "LIFT")
        hold, _told = self.hold(lot)
        with self.assertRaisesRegex(UserError, "Conclusion"):
            self.sign(hold, self.anna, "approved")
        with self.assertRaises(AccessError):
            hold.with_user(self.user("warehouse", login="w")).lift("w", "x", conclusion="fine")
        answer = hold.with_user(self.anna).lift(
            "anna", "anna-secret", conclusion="Wrong label only")
        self.assertEqual(answer["signatures"][0]["state"], "lifted")
        self.assertRecordValues(lot, [{"med_hold_count": 0, "med_condition": "Released"}])
        self.deliver([(self.stent, lot, 1)])
        self.assertFalse(hold.activity_ids)

    def test_of_two_holds_one_stays(self):
        lot = self.in_stock(self.stent, "TWO")
        first, _told = self.hold(lot)
        self.hold(lot, source="inspection")
        self.assertEqual(lot.med_hold_count, 2)
        first.with_user(self.anna).lift("anna", "anna-secret", conclusion="found")
        self.assertEqual(lot.med_hold_count, 1)
        with self.assertRaisesRegex(UserError, "Held"):
            self.deliver([(self.stent, lot, 1)])

    def test_who_sees_something_holds_and_readers_do_not(self):
        lot = self.in_stock(self.stent, "SEEN")
        for role in ("warehouse", "operator", "inspector", "qa", "regulatory", "qa_release"):
            self.hold(lot, user=self.user(role, login=f"hold_{role}"))
        for role in ("viewer", "auditor", "purchasing"):
            with self.assertRaisesRegex(AccessError, "places no holds"):
                self.hold(lot, user=self.user(role, login=f"hold_{role}"))

    def test_a_hold_is_not_made_changed_or_removed_beside_its_methods(self):
        lot = self.in_stock(self.stent, "BESIDE")
        hold, _told = self.hold(lot)
        line = hold.line_ids
        mine = hold.with_user(self.anna)
        for attack in (
                lambda: mine.write({"state": "lifted"}), lambda: mine.write({"lot_count": 0}),
                lambda: mine.write({"placed_at": "2020-01-01"}), lambda: mine.unlink(),
                lambda: mine.create({"reason": "x"}), lambda: hold.copy(),
                lambda: hold.sudo().unlink(), lambda: line.sudo().write({"open": False}),
                lambda: line.sudo().unlink(),
                lambda: line.sudo().create({"hold_id": hold.id, "lot_id": lot.id})):
            with self.assertRaises(UserError):
                attack()
        self.assertEqual((hold.state, lot.med_hold_count), ("open", 1))

    def test_lines_taken_away_by_sql_are_noticed_when_it_is_lifted(self):
        lots = self.in_stock(self.stent, "SQL-1", "SQL-2")
        hold, _told = self.hold(lots)
        self.env.cr.execute("DELETE FROM med_hold_line WHERE lot_id = %s", [lots[0].id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "not those that were held"):
            hold.with_user(self.anna).lift("anna", "anna-secret", conclusion="fine")

    def test_arguments_are_told_in_one_sentence_and_nothing_is_held(self):
        lot = self.in_stock(self.stent, "ARGUMENT")
        plain = self.receive(self.product("Plain"), {"WILD": 1})
        Hold = self.env["med.hold"].with_user(self.anna)
        for arguments, words in (
                ({"lots": [], "reason": "x"}, "“lots”"), ({"lots": "1", "reason": "x"}, "“lots”"),
                ({"lots": [True], "reason": "x"}, "“lots”"),
                ({"lots": [lot.id, 2 ** 30], "reason": "x"}, "there is not"),
                ({"lots": lot.ids, "reason": " "}, "“reason”"),
                ({"lots": lot.ids, "reason": "x", "source": "whim"}, "“source”"),
                ({"lots": lot.ids, "reason": "x", "owner": 2 ** 30}, "“owner”"),
                ({"lots": plain.ids, "reason": "x"}, "WILD: only lots of controlled")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                Hold.place(**arguments)
        self.assertFalse(lot.med_hold_count)
