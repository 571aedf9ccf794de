from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged
from odoo.tools import SQL, mute_logger

from .goods_case import GoodsCase


@tagged("post_install", "-at_install")
class TestCheckout(GoodsCase):
    """What goes to a consignee is what another person has confirmed by scanning."""

    requirement = "CN-GSP-5 I5 T3"

    def setUp(self):
        super().setUp()
        self.lot = self.in_stock(self.stent, f"OUT-{next(self.numbers)}")

    def test_a_delivery_is_picked_reviewed_and_posted(self):
        picking = self.pick(self.delivery([(self.lot, 3)]))
        self.assertEqual(picking.med_picker_ids, self.picker)
        self.assertEqual(picking.med_checkout_state, "needed")
        review = self.review_of(picking)
        answer = review.med_scan(code=self.lot.name)
        self.assertEqual((answer["rest"], answer["row"]["done"]), (2.0, 1.0))
        self.assertEqual(picking.med_checkout_state, "open")
        with self.assertRaisesRegex(UserError, rf"Not confirmed yet: {self.lot.name}: 1 of 3"):
            review.med_transition("record")
        review.med_scan(code=self.lot.name, quantity=2)
        review.med_transition("record")
        self.assertRecordValues(review, [{
            "state": "done", "picker_ids": self.picker.ids, "checker_ids": self.checker.ids,
            "reviewed_by_id": self.checker.id, "left": ""}])
        self.assertEqual(self.validate(picking).state, "done")
        self.assertEqual(picking.med_checkout_state, "done")
        self.assertIn(review.name, "".join(picking.message_ids.mapped("body")))

    def test_without_a_review_nothing_is_posted_on_any_way(self):
        picking = self.pick(self.delivery([(self.lot, 3)]))
        self.review_of(picking).med_scan(code=self.lot.name, quantity=3)
        for way in (
                lambda: self.validate(picking), lambda: self.validate(picking, self.env.user),
                lambda: self.validate(picking, self.picker, med_checkout_state="done",
                                      default_med_checkout_state="done", skip_sanity_check=True,
                                      skip_immediate=True),
                lambda: picking.sudo()._action_done(), lambda: picking.move_ids._action_done()):
            with self.assertRaisesRegex(UserError, "no closed check-out review"), (
                    self.env.cr.savepoint()):
                way()
        self.assertEqual(self.on_hand(self.lot), {self.stock: 10})

    def test_a_batch_stops_at_the_one_that_is_not_reviewed(self):
        first = self.pick(self.delivery([(self.lot, 1)]))
        second = self.pick(self.delivery([(self.lot, 1)]))
        self.reviewed(first)
        with self.assertRaisesRegex(UserError, rf"{second.name} has no closed"), (
                self.env.cr.savepoint()):
            self.validate(first | second)
        self.assertNotIn("done", (first | second).mapped("state"))

    def test_a_move_without_a_delivery_order_goes_nowhere(self):
        move = self.env["stock.move"].create({
            "product_id": self.stent.id, "product_uom_qty": 1, "location_id": self.stock.id,
            "location_dest_id": self.customers.id, "picked": True, "move_line_ids": [
                Command.create({"product_id": self.stent.id, "lot_id": self.lot.id, "quantity": 1,
                                "location_id": self.stock.id,
                                "location_dest_id": self.customers.id})]})
        with self.assertRaisesRegex(UserError, "by a delivery order only"):
            move._action_done()

    def test_who_picked_does_not_confirm_and_does_not_close(self):
        picking = self.pick(self.delivery([(self.lot, 3)]))
        with self.assertRaisesRegex(UserError, "peter.* picked it. Another person"):
            self.review_of(picking, self.picker).med_scan(code=self.lot.name)
        self.review_of(picking).med_scan(code=self.lot.name, quantity=3)
        with self.assertRaisesRegex(UserError, "peter.* picked it. Another person"):
            self.review_of(picking).with_user(self.picker).med_transition("record")

    def test_what_somebody_confirmed_who_then_picked_does_not_count(self):
        picking = self.pick(self.delivery([(self.lot, 3)]))
        review = self.review_of(picking)
        review.med_scan(code=self.lot.name, quantity=3)
        picking.move_line_ids.with_user(self.checker).write({"quantity": 2})
        picking.move_line_ids.with_user(self.checker).write({"quantity": 3})
        third = self.person("warehouse", "theo")
        with self.assertRaisesRegex(UserError, "clara.* picked it"):
            review.with_user(third).med_transition("record")

    def test_where_nobody_is_known_to_have_picked_nobody_confirms(self):
        picking = self.delivery([(self.lot, 3)])
        with self.assertRaisesRegex(UserError, "nobody is on record as having picked"):
            self.review_of(picking).med_scan(code=self.lot.name)

    def test_lines_that_are_moved_to_another_delivery_bring_their_picker(self):
        picking, other = self.pick(self.delivery([(self.lot, 3)])), self.delivery([(self.lot, 1)])
        picking.move_line_ids.with_user(self.checker).write({"picking_id": other.id})
        self.assertEqual(other.med_picker_ids, self.picker | self.checker)

    def test_who_picked_in_an_earlier_step_picked(self):
        self.warehouse.delivery_steps = "pick_ship"
        output = self.warehouse.wh_output_stock_loc_id
        first = self.env["stock.picking"].create({
            "picking_type_id": self.warehouse.pick_type_id.id, "location_id": self.stock.id,
            "location_dest_id": output.id, "move_ids": [Command.create({
                "product_id": self.stent.id, "product_uom_qty": 1, "location_id": self.stock.id,
                "location_dest_id": output.id, "location_final_id": self.customers.id})]})
        first.action_confirm()
        first.action_assign()
        self.validate(first, self.picker)
        out = first.move_ids.move_dest_ids.picking_id
        self.assertEqual(out.location_dest_id, self.customers)
        self.assertEqual(out._med_pickers(), self.picker)
        self.reviewed(out)
        self.assertEqual(self.validate(out).state, "done")

    def test_class_i_may_be_confirmed_by_the_picker_and_a_product_may_ask_for_more(self):
        basic = self.env["med.udi.basic"].create({
            "issuer": "gs1", "name": "1987654Ad4X4bL5ttr2310c2K", "risk_class": "1"})
        di = self.env["med.udi.di"].create({
            "issuer": "gs1", "name": "09506000134352", "product_id": self.stent.id,
            "basic_id": basic.id})
        for owner in (basic, di):
            self.assertFalse(self.stent.product_tmpl_id._med_high_risk())
            owner.implantable = True
            self.assertTrue(self.stent.product_tmpl_id._med_high_risk())
            owner.implantable = False
        registration = self.env["med.udi.registration"].create({
            "di_id": di.id, "device_class": "3", "jurisdiction_id": self.env[
                "med.jurisdiction"].search([], limit=1).id})
        self.assertTrue(self.stent.product_tmpl_id._med_high_risk())
        registration.device_class = "2"
        picking = self.pick(self.delivery([(self.lot, 1)]))
        self.assertFalse(self.review_of(picking).second)
        self.reviewed(picking, self.picker)
        self.stent.med_checkout = "second"
        picking = self.pick(self.delivery([(self.lot, 1)]))
        with self.assertRaisesRegex(UserError, "picked it"):
            self.reviewed(picking, self.picker)

    def test_only_quality_says_that_a_product_is_not_reviewed(self):
        self.env.user.group_ids -= self.env.ref("med_base.med_base_group_qa")
        seller = self.user("warehouse", login="seller")
        seller.group_ids += self.env.ref("stock.group_stock_manager")
        seller.group_ids += self.env.ref("product.group_product_manager")
        template = self.stent.product_tmpl_id.with_user(seller)
        with self.assertRaisesRegex(AccessError, "set by quality assurance"):
            template.med_checkout = "never"
        with self.assertRaisesRegex(AccessError, "set by quality assurance"):
            template.create({"name": "x", "med_checkout": "never"})
        made = template.with_context(default_med_checkout="never").create({"name": "x"})
        self.assertEqual(made.med_checkout, "company")
        self.stent.sudo().med_checkout = "never"
        self.assertEqual(self.validate(self.pick(self.delivery([(self.lot, 1)]))).state, "done")

    def test_what_is_changed_after_the_review_is_reviewed_again(self):
        other = self.in_stock(self.stent, "OUT-OTHER")
        for change in (
                lambda line: line.write({"quantity": 2}), lambda line: line.write({"quantity": 4}),
                lambda line: line.write({"lot_id": other.id}),
                lambda line: line.copy({"lot_id": other.id, "quantity": 1, "picked": True,
                                        "move_id": line.move_id.id,
                                        "picking_id": line.picking_id.id})):
            with self.subTest(), self.env.cr.savepoint() as point:
                picking = self.pick(self.delivery([(self.lot, 3)]))
                review = self.reviewed(picking)
                change(picking.move_line_ids.with_user(self.picker).sudo())
                self.assertEqual(picking.med_checkout_state, "changed")
                with self.assertRaisesRegex(UserError, "is not what was reviewed"), (
                        self.env.cr.savepoint()):
                    self.validate(picking)
                review.med_transition("again", reason="Changed")
                self.assertFalse(review._med_live())
                self.assertFalse(review.checker_ids)
                self.reviewed(picking)
                self.assertEqual(self.validate(picking).state, "done")
                point.rollback()

    def test_what_is_posted_is_not_changed_past_its_review(self):
        picking = self.pick(self.delivery([(self.lot, 3)]))
        review = self.reviewed(picking)
        self.validate(picking)
        line = picking.move_line_ids
        with self.assertRaisesRegex(UserError, "is not what was reviewed"), (
                self.env.cr.savepoint()):
            line.quantity = 5
        with self.assertRaisesRegex(UserError, "is not what was reviewed"), (
                self.env.cr.savepoint()):
            line.copy({"quantity": 1, "picking_id": picking.id})
        with self.assertRaisesRegex(UserError, "is closed: its review is not changed"):
            review.med_transition("again", reason="x")
        with self.assertRaisesRegex(UserError, "is closed"):
            review.med_scan(code=self.lot.name)

    def test_a_backorder_has_a_review_of_its_own(self):
        picking = self.pick(self.delivery([(self.lot, 5)]))
        picking.move_line_ids.with_user(self.picker).quantity = 3
        self.reviewed(picking)
        self.validate(picking)
        rest = self.env["stock.picking"].search([("backorder_id", "=", picking.id)])
        rest.action_assign()
        self.assertFalse(rest.med_picker_ids)
        self.assertFalse(rest.med_checkout_ids)
        self.pick(rest)
        with self.assertRaisesRegex(UserError, "no closed check-out review"):
            self.validate(rest)

    def test_a_carton_is_confirmed_by_its_own_code(self):
        second = self.in_stock(self.stent, "OUT-SECOND")
        picking = self.pick(self.delivery([(self.lot, 3), (second, 2)]))
        self.packed(picking, "006141410000000418")
        review = self.review_of(picking)
        answer = review.med_scan(code="(00)006141410000000418")
        self.assertEqual(answer["rows"][0]["done"], 5.0)
        self.assertEqual(answer["rest"], 0.0)
        with self.assertRaisesRegex(UserError, "confirmed already"):
            review.med_scan(code="00006141410000000418")
        review.med_scan_undo()
        self.assertFalse(review._med_live())
        review.med_scan(code=self.lot.name)
        review.med_scan(code="006141410000000418")
        review.med_transition("record")
        self.assertEqual(review.state, "done")

    def test_what_is_not_in_the_delivery_is_told_at_once(self):
        other = self.in_stock(self.stent, "OUT-WRONG")
        tube = self.in_stock(self.tube, "OUT-TUBE")
        review = self.review_of(self.pick(self.delivery([(self.lot, 3)])))
        for code, quantity, words in (
                ("OUT-WRONG", 1, "OUT-WRONG is not in .* take it out"),
                (self.lot.name, 4, "delivers 3 of .*, and 3 of it are still to be confirmed"),
                ("OUT-TUBE", 1, "nothing here is identified"), ("NOWHERE", 1, "nothing here"),
                ("", 1, "must be text")):
            with self.subTest(code), self.assertRaisesRegex(UserError, words):
                review.med_scan(code=code, quantity=quantity)
        self.assertFalse(review.scan_ids)
        self.assertTrue(other and tube)

    def test_it_is_signed_where_the_company_says_so(self):
        self.company.med_checkout_signed = True
        self.grant(self.checker, "checked")
        self.grant(self.picker, "checked")
        picking = self.pick(self.delivery([(self.lot, 1)]))
        review = self.review_of(picking)
        review.med_scan(code=self.lot.name)
        with self.assertRaisesRegex(UserError, "are signed in this company"):
            review.med_transition("record")
        with self.assertRaisesRegex(UserError, "picked it. Another person"):
            self.sign(review, self.picker, "checked")
        self.sign(review, self.checker, "checked")
        self.assertEqual((review.state, review.med_signature_status), ("done", "valid"))
        self.env["med.udi.scan"].sudo().browse(review.scan_ids.ids).quantity = 2
        self.env.invalidate_all()
        self.assertEqual(review.med_signature_status, "invalid")
        with self.assertRaisesRegex(UserError, "is not what was reviewed"):
            self.validate(picking)

    def test_a_review_is_not_made_changed_or_removed_beside_its_steps(self):
        picking = self.pick(self.delivery([(self.lot, 1)]))
        review = self.review_of(picking)
        scan = {"checkout_id": review.id, "company_id": self.company.id, "source": "rpc",
                "hri": "x", "product_id": self.stent.id, "lot_id": self.lot.id, "quantity": 1,
                "user_id": self.checker.id}
        for attack in (
                lambda: review.write({"state": "done"}), lambda: review.sudo().write({
                    "state": "done"}),
                lambda: review.write({"picker_ids": [Command.clear()]}),
                lambda: review.write({"scan_ids": [Command.create(scan)]}),
                lambda: review.write({"picking_id": self.delivery([(self.lot, 1)]).id}),
                lambda: review.create({"picking_id": picking.id}), review.copy,
                review.sudo().unlink, lambda: review.env["med.udi.scan"].create(scan),
                lambda: picking.with_user(self.checker).write({"med_picker_ids": [
                    Command.clear()]}),
                lambda: picking.sudo().write({"med_picker_ids": [Command.clear()]}),
                lambda: picking.create({"med_picker_ids": self.link(self.anna)})):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attack()
        self.assertEqual((review.state, picking.med_picker_ids), ("open", self.picker))

    def test_defaults_of_the_caller_confirm_nothing_and_name_no_picker(self):
        picking = self.pick(self.delivery([(self.lot, 2)]))
        review = self.review_of(picking)
        other = self.delivery([(self.lot, 1)])
        other.with_user(self.picker).with_context(
            default_checkout_id=review.id).med_scan(code=self.lot.name)
        self.assertFalse(review.scan_ids)
        made = self.env["stock.picking"].with_user(self.picker).with_context(
            default_med_picker_ids=self.link(self.checker),
            default_med_checkout_ids=self.link(review)).create({
                "picking_type_id": self.warehouse.out_type_id.id})
        self.assertFalse(made.med_picker_ids | made.med_checkout_ids.picker_ids)
        opened = other.with_user(self.checker).with_context(
            default_state="done", default_reviewed_by_id=self.anna.id).med_checkout()
        self.assertRecordValues(review.browse(opened["review"]), [{
            "state": "open", "reviewed_by_id": False}])

    def test_no_default_of_the_caller_is_a_scan_of_the_review(self):
        picking = self.pick(self.delivery([(self.lot, 2)]))
        forged = [Command.create({
            "product_id": self.stent.id, "lot_id": self.lot.id, "quantity": 2, "hri": "x",
            "source": "rpc", "company_id": self.company.id, "user_id": self.anna.id})]
        opened = picking.with_user(self.checker).with_context(
            default_scan_ids=forged).med_checkout()
        review = self.env["med.checkout.review"].browse(opened["review"])
        self.assertFalse(review.scan_ids)
        review.with_user(self.checker).with_context(default_picking_id=picking.id).med_scan(
            code=self.lot.name)
        self.assertFalse(review.scan_ids.picking_id)

    def test_the_rest_of_a_scanned_case_is_told_in_cases(self):
        unit = self.env["med.udi.di"].create({
            "issuer": "gs1", "name": "09506000134352", "product_id": self.stent.id,
            "pi_lot": True, "pi_serial": False})
        case = unit.create({
            "issuer": "gs1", "name": "19506000134359", "level": "case", "pi_lot": True,
            "contains_id": unit.id, "contained_quantity": 2})
        (unit | case).action_activate()
        picking = self.pick(self.delivery([(self.lot, 6)]))
        review = self.review_of(picking)
        told = review.med_scan(code=f"(01)19506000134359(10){self.lot.name}")
        self.assertEqual((told["rest"], told["rest_packages"]), (4, 2))
        told = review.med_scan(code=f"(01)19506000134359(10){self.lot.name}",
                               quantity=told["rest_packages"])
        self.assertEqual(told["rest"], 0)

    def test_a_variant_whose_class_is_not_known_is_of_high_risk(self):
        size = self.env["product.attribute"].create({
            "name": "Size", "value_ids": [Command.create({"name": n}) for n in "SL"]})
        template = self.stent.product_tmpl_id
        template.attribute_line_ids = [Command.create({
            "attribute_id": size.id, "value_ids": self.link(*size.value_ids)})]
        for number, variant in enumerate(template.product_variant_ids):
            self.assertTrue(template._med_high_risk())
            basic = self.env["med.udi.basic"].create({
                "issuer": "gs1", "name": ("1987654Ad4X4bL5ttr2310c2K", "1987654TEST1N8")[number],
                "risk_class": "1"})
            self.env["med.udi.di"].create({
                "issuer": "gs1", "name": ("09506000134352", "09506000134376")[number],
                "product_id": variant.id, "basic_id": basic.id})
        self.assertFalse(template._med_high_risk())

    def test_roles_that_do_not_review_are_told(self):
        picking = self.pick(self.delivery([(self.lot, 1)]))
        for role in ("viewer", "purchasing", "operator"):
            user = self.user(role, login=f"no_{role}")
            user.group_ids += self.env.ref("stock.group_stock_user")
            with self.assertRaisesRegex(AccessError, "makes no check-out reviews"):
                picking.with_user(user).med_checkout()

    def test_an_open_gate_lists_what_went_without(self):
        self.company.med_checkout_mode = "observe"
        self.validate(self.pick(self.delivery([(self.lot, 1)])))
        event = self.env["med.gate.event"].search([("lot_id", "=", self.lot.id)])
        self.assertRecordValues(event, [{
            "use": "checkout", "states": "unreviewed", "mode": "observe", "quantity": 1.0}])
        gate = self.env["med.gate"].create({"use": "checkout", "mode": "warn"})
        picking = self.validate(self.pick(self.delivery([(self.lot, 1)])))
        self.assertIn("no check-out review covers it", "".join(picking.message_ids.mapped("body")))
        gate.mode = "enforce"
        with self.assertRaisesRegex(UserError, "no closed check-out review"):
            self.validate(self.pick(self.delivery([(self.lot, 1)])))

    def test_gates_of_the_table_and_of_the_review_do_not_mix(self):
        self.env["med.gate"].create({"mode": "observe"})
        self.env["med.gate"].create({"use": "checkout", "mode": "enforce"})
        Gate, template = self.env["med.gate"], self.stent.product_tmpl_id.id
        self.company.med_checkout_mode = "observe"
        self.assertEqual(Gate._checkout_mode(self.company.id, template, 0), "enforce")
        self.assertEqual(Gate._mode(self.company.id, template, 0, "ship"), "observe")

    def test_plain_products_and_moves_inside_are_as_in_odoo(self):
        plain = self.product("Plain goods")
        lot = self.receive(plain, {"PLAIN": 5})
        picking = self.delivery([(lot, 2)])
        self.assertFalse(picking.med_checkout_state or picking.med_to_pick)
        self.assertEqual(self.validate(picking).state, "done")
        self.assertFalse(picking.med_picker_ids)
        with self.assertRaisesRegex(UserError, "nothing is reserved or picked"):
            self.delivery([(lot, 1)]).with_user(self.checker).med_checkout()
        shelf = self.stock.create({"name": "Shelf", "location_id": self.stock.id})
        self.move([(self.stent, self.lot, 1)], self.stock, shelf)

    def test_marking_many_products_as_picked_writes_the_picker_once(self):
        lots = self.env["stock.lot"]
        for number in range(12):
            product = self.product(f"Kind {number}", med_controlled=True)
            lots |= self.in_stock(product, f"KIND-{number}")
        picking = self.delivery([(lot, 1) for lot in lots])
        written = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kw):
            text = query.code if isinstance(query, SQL) else query
            if "INSERT INTO med_stock_picking_picker_rel" in text:
                written.append(text)
            return execute(cursor, query, *args, **kw)

        with patch.object(type(self.env.cr), "execute", spy):
            self.pick(picking)
        self.assertEqual(len(written), 1)
        self.assertEqual(picking.med_picker_ids, self.picker)

    def test_posting_asks_the_same_number_of_queries_for_many_lots(self):
        counts = []
        for number in (2, 40):
            lots = self.in_stock(self.stent, *(f"MANY-{number}-{n}" for n in range(number)))
            picking = self.pick(self.delivery([(lot, 1) for lot in lots]))
            self.reviewed(picking)
            lines = picking.move_line_ids
            self.env.flush_all()
            self.env.invalidate_all()
            lines.mapped("product_id.med_controlled")
            before = self.env.cr.sql_log_count
            lines._med_check_checkout()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestCheckoutCompanies(GoodsCase):
    """A review belongs to the company of its delivery."""

    requirement = "CN-GSP-5"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_company, cls.foreign_lot = cls.other_company()

    def test_the_review_of_another_company_is_not_seen_and_not_made(self):
        company = self.second_company
        picking = self.delivery([(self.foreign_lot, 1)], company)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            picking.with_user(self.checker).med_checkout()
        worker = self.user("warehouse", login="far", company_id=company.id,
                           company_ids=[Command.set(company.ids)])
        far = picking.with_user(worker).with_context(allowed_company_ids=company.ids)
        review = self.env["med.checkout.review"].browse(far.med_checkout()["review"])
        self.assertEqual(review.company_id, company)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            review.with_user(self.checker).with_context(
                allowed_company_ids=self.company.ids).med_scan(code="FOREIGN")
