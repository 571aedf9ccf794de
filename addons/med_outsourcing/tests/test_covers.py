from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import OutsourcingCase

HOSTILE = {"skip_coverage": True, "install_mode": True, "med_permit": 1, "tz": "Pacific/Kiritimati",
           "default_is_subcontract": False, "active_test": True, "_force_unlink": True,
           "lang": "xx_XX"}


@tagged("post_install", "-at_install")
class TestCovers(OutsourcingCase):
    """No order to a processor, process or product that is not covered today, by any path."""

    requirement = "ISO-4.1.5 ISO-7.4.1 CN-GMP-63 CN-GMP-OUT V4"

    def paths(self, product=None, partner=None, **kw):
        """Return (name, call) of every way to give an order; each is tried on rows of its own."""
        def bought(method):
            return lambda: getattr(self.purchase(product, partner).with_context(**kw), method)()

        def written():
            self.purchase(product, partner).with_context(**kw).write({"state": "purchase"})

        def received():
            self.receipt(product, partner).with_context(**kw).action_confirm()

        def flagged():
            picking = self.receipt(product, partner, is_subcontract=True,
                                   location_id=self.company.subcontracting_location_id.id)
            picking.with_context(**kw).move_ids._action_confirm()

        def made():
            self.make(product, partner).with_context(**kw).action_confirm()

        return [("button_confirm", bought("button_confirm")),
                ("button_approve", bought("button_approve")), ("write", written),
                ("receipt", received), ("flagged", flagged), ("production", made)]

    def make(self, product=None, partner=None):
        bom = self.env["mrp.bom"].search([
            ("product_tmpl_id", "=", (product or self.device).product_tmpl_id.id)], limit=1)
        return self.env["mrp.production"].create({
            "product_id": (product or self.device).id, "product_qty": 1, "bom_id": bom.id,
            "subcontractor_id": (partner or self.maker).id,
            "picking_type_id": self.warehouse.subcontracting_type_id.id,
            "location_src_id": self.file.location_id.id,
            "location_dest_id": self.file.location_id.id})

    def assert_refused(self, words, *args, **kw):
        for name, call in self.paths(*args, **kw):
            with self.subTest(path=name), self.assertRaisesRegex(UserError, words), \
                    self.env.cr.savepoint():
                call()

    def assert_taken(self, *args, **kw):
        for name, call in self.paths(*args, **kw):
            with self.subTest(path=name), self.env.cr.savepoint():
                call()

    def test_what_is_covered_is_ordered_by_every_path(self):
        self.assertEqual(self.file._med_obstacles("assembly", self.device), [])
        self.assert_taken()

    def test_an_expired_agreement_refuses_every_path(self):
        self.clock.move_to("2028-01-01 08:00:00")
        self.assert_refused(r"not to be ordered from “Assembly works”(.|\n)*held until")

    def test_the_last_day_of_an_agreement_still_counts(self):
        self.company.med_review_grace = 365  # its review is another matter, see TestNeeds
        self.clock.move_to("2027-12-31 08:00:00")
        self.assertEqual(self.file._med_obstacles("assembly", self.device), [])

    def test_an_agreement_that_is_ended_or_not_begun_refuses(self):
        self.agreement.with_user(self.anna).med_transition("end", "Broken")
        self.assert_refused("No quality agreement with “Assembly works” is in force")
        self.agree(self.file, "QA-LATER", "2026-06-01")
        self.assert_refused("No quality agreement with “Assembly works” is in force")

    def test_a_suspended_processor_gets_nothing_even_behind_an_open_gate(self):
        self.file.with_user(self.buyer).med_transition("suspend", "Fire in the works")
        self.assert_refused("is in state “Suspended”")
        self.company.med_gate_mode = "observe"
        self.assert_refused("is in state “Suspended”")

    def test_a_processor_without_a_file_or_in_revision_gets_nothing(self):
        other = self.env["res.partner"].create({"name": "Newcomer"})
        self.bom.subcontractor_ids += other
        self.assert_refused("There is no file of this processor", partner=other)
        self.file.with_user(self.anna).med_transition("revise", "New process")
        self.assert_refused("in state “Draft”")

    def test_a_process_that_the_file_does_not_name_is_refused(self):
        self.bom.med_process = "coating"
        self.assert_refused("not approved for the process “Coating”")

    def test_a_product_that_the_file_does_not_name_is_refused(self):
        second = self.env["res.partner"].create({"name": "Second works"})
        self.bom.subcontractor_ids += second
        file = self.processor(second, ["assembly"], [self.stent])
        self.agree(file)
        self.assert_refused("but not of “Device”", partner=second)
        # Archiving the one product it names does not make it every product.
        self.stent.product_tmpl_id.active = False
        self.env.invalidate_all()
        self.assertTrue(file._med_obstacles("assembly", self.device))

    def test_an_unknown_process_is_refused(self):
        for process in (False, "", "magic"):
            self.assertRegex(self.file._med_obstacles(process, self.device)[0], "Nobody said")

    def test_a_needed_certificate_that_has_expired_refuses(self):
        rows = {"processor_id": self.file.id, "number": "L-1", "kind": "licence",
                "date_from": "2020-01-01", "date_to": "2026-01-31"}
        Certificate = self.env["med.processor.certificate"].with_user(self.anna)
        old = Certificate.create(rows)
        self.assert_refused(r"certificate L-1 \(Production Licence\)")
        old.active = False  # archiving it does not do away with the need
        self.assert_refused(r"certificate L-1 \(Production Licence\)")
        new = Certificate.create({**rows, "number": "L-2", "date_to": "2030-01-31"})
        self.assert_taken()
        for vals in ({"date_to": "2031-01-31"}, {"number": "L-3"}, {"kind": "iso13485"}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "as it was filed"):
                new.write(vals)
        new.write({"date_to": "2030-01-31", "issuer": "Authority"})
        new.active = False
        self.assert_refused(r"certificate L-2 \(Production Licence\)")
        for paper in (old, new):
            with self.assertRaisesRegex(UserError, "revise the file"):
                paper.needed = False
        file = self.file.with_user(self.anna)
        file.med_transition("revise", "No licence is asked for")
        (old | new).needed = False
        self.sign(self.file, self.anna, "approved")
        self.assert_taken()

    def test_a_file_that_was_changed_past_its_signature_does_not_count(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE med_processor_scope SET process = 'coating' "
                            "WHERE processor_id = %s", [self.file.id])
        self.env.invalidate_all()
        self.bom.med_process = "coating"
        self.assert_refused("no longer says what was signed")

    def test_no_context_of_a_caller_opens_the_gate(self):
        self.clock.move_to("2028-01-01 08:00:00")
        self.assert_refused("held until", **{
            key: value for key, value in HOSTILE.items() if key != "lang"})

    def test_products_that_are_not_controlled_are_as_in_plain_odoo(self):
        self.clock.move_to("2028-01-01 08:00:00")
        self.device.product_tmpl_id.with_user(self.anna).sudo().med_controlled = False
        self.assert_taken()

    def test_an_open_gate_lets_through_and_says_so_in_the_document(self):
        self.clock.move_to("2028-01-01 08:00:00")
        for mode in ("observe", "warn"):
            self.company.med_gate_mode = mode
            self.assert_taken()
            order = self.purchase()
            order.button_confirm()
            self.assertIn("Would be stopped once the gate is closed: Device",
                          " ".join(order.message_ids.mapped("body")))
            self.assertEqual(bool(order.message_ids.filtered(
                lambda one: one.subtype_id == self.env.ref("mail.mt_comment")
                and "Would be" in one.body)), mode == "warn")

    def test_a_receipt_made_by_hand_says_so_too(self):
        self.clock.move_to("2028-01-01 08:00:00")
        self.company.med_gate_mode = "observe"
        picking = self.receipt()
        picking.action_confirm()
        self.assertIn("Would be stopped once the gate is closed: Device",
                      " ".join(picking.message_ids.mapped("body")))

    def test_the_gate_of_a_product_is_its_own(self):
        self.clock.move_to("2028-01-01 08:00:00")
        self.env["med.gate"].with_user(self.anna).create({
            "product_tmpl_id": self.device.product_tmpl_id.id, "use": "outsource",
            "mode": "observe"})
        self.assert_taken()

    def test_what_was_ordered_in_time_is_received(self):
        tubes = self.in_stock(self.tube, "TB-1")
        self.move([(self.tube, tubes, 10)], self.stock, self.file.location_id, "internal",
                  self.maker)
        order = self.purchase()
        order.button_confirm()
        self.clock.move_to("2028-01-01 08:00:00")
        receipt = order.picking_ids.with_user(self.env.user)
        receipt.move_ids.quantity = 4
        receipt.move_ids.move_line_ids.lot_name = "DEV-1"
        receipt.move_ids.picked = True
        backorder = receipt.with_context(skip_backorder=True, skip_expired=True).button_validate()
        self.assertEqual(receipt.state, "done", backorder)
        self.assertEqual(order.picking_ids.filtered(
            lambda one: one.state == "assigned").move_ids.product_uom_qty, 6)

    def test_more_of_a_confirmed_order_is_a_further_order(self):
        order = self.purchase()
        order.button_confirm()
        self.clock.move_to("2028-01-01 08:00:00")
        with self.assertRaisesRegex(UserError, "held until"):
            order.order_line.product_qty = 20
        with self.assertRaisesRegex(UserError, "held until"):
            order.order_line = [Command.create({
                "product_id": self.device.id, "product_qty": 1, "price_unit": 1})]

    def raised(self, move, quantity, **context):
        """Return the ways by which somebody may ask for more of a confirmed receipt."""
        own = move.with_context(**context)
        return {
            "move": lambda: own.write({"product_uom_qty": quantity}),
            "receipt": lambda: own.picking_id.write({"move_ids": [
                Command.update(move.id, {"product_uom_qty": quantity})]}),
            "unit": lambda: own.write({"product_uom": self.env.ref("uom.product_uom_dozen").id}),
            "superuser": lambda: own.sudo().write({"product_uom_qty": quantity}),
            "split off": lambda: own.create({
                "product_id": move.product_id.id, "product_uom_qty": quantity,
                "picking_id": move.picking_id.id, "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id,
                "med_outsourcing_order_id": move.med_outsourcing_order_id.id,
            })._action_confirm(merge=False),
        }

    def test_a_confirmed_receipt_asks_for_no_more_than_was_ordered(self):
        picking = self.receipt()
        picking.action_confirm()
        move = picking.move_ids
        order = move.sudo().med_outsourcing_order_id
        for name, ask in self.raised(move, 20).items():
            with self.subTest(name), self.assertRaisesRegex(
                    UserError, "released for 10 Units"), self.env.cr.savepoint():
                ask()
            self.env.invalidate_all()
        move.product_uom_qty = 4
        move.product_uom_qty = 10
        self.assertEqual((move.product_uom_qty, order.quantity), (10, 10))

    def test_a_confirmed_receipt_is_not_raised_where_nothing_covers_it_today(self):
        picking = self.receipt()
        picking.action_confirm()
        move = picking.move_ids
        move.product_uom_qty = 4
        self.clock.move_to("2028-01-01 08:00:00")
        hostile = {key: value for key, value in HOSTILE.items() if key != "lang"}
        ways = self.raised(move, 6, **hostile)
        del ways["split off"]  # from the processor's place: what is there already
        for name, ask in ways.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "held until"), \
                    self.env.cr.savepoint():
                ask()
            self.env.invalidate_all()
        move.product_uom_qty = 2  # less is always possible
        self.file.with_user(self.anna).med_transition("suspend", "Audit failed")
        with self.assertRaisesRegex(UserError, "suspended|Suspended"):
            move.product_uom_qty = 3

    def test_an_order_split_by_receiving_a_part_of_it_stays_one_order(self):
        tubes = self.in_stock(self.tube, "TB-2")
        self.move([(self.tube, tubes, 10)], self.stock, self.file.location_id, "internal",
                  self.maker)
        picking = self.receipt()
        picking.action_confirm()
        order = picking.move_ids.sudo().med_outsourcing_order_id
        self.clock.move_to("2028-01-01 08:00:00")
        receipt = picking.with_user(self.env.user)
        receipt.move_ids.quantity = 4
        receipt.move_ids.move_line_ids.lot_name = "DEV-2"
        receipt.move_ids.picked = True
        receipt.with_context(skip_backorder=True, skip_expired=True).button_validate()
        self.assertEqual(receipt.state, "done")
        self.assertEqual(sorted(order.move_ids.mapped("product_uom_qty")), [4, 6])

    def test_a_confirmed_order_does_not_go_to_another_processor(self):
        order = self.purchase()
        order.button_confirm()
        other = self.env["res.partner"].create({"name": "Newcomer"})
        self.bom.subcontractor_ids += other
        with self.assertRaisesRegex(UserError, "There is no file"):
            order.partner_id = other

    def test_the_purchase_order_says_whether_it_is_covered(self):
        order = self.purchase()
        self.assertEqual(order.med_covered, "covered")
        self.clock.move_to("2028-01-01 08:00:00")
        order.invalidate_recordset()
        self.assertEqual(order.med_covered, "open")
        self.assertIn("held until", order.med_covered_why)
        other = self.product("Screws")
        self.assertFalse(self.purchase(other).med_covered)
