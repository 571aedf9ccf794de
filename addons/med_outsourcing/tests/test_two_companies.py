from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .processor_common import PDF, ProcessorCase

MODELS = (
    "med.processor", "med.processor.scope", "med.processor.certificate", "med.quality.agreement",
    "med.quality.agreement.clause", "med.outsourcing.order", "med.outsourcing.lot",
    "med.outsourcing.event", "med.outsourcing.event.lot", "med.outsourcing.statement",
    "med.outsourcing.statement.line", "med.outsourcing.stock", "med.processor.release",
    "med.processor.release.line", "med.processor.signature", "med.processor.scan", "med.lot.step")


@tagged("post_install", "-at_install")
class TestTwoCompanies(ProcessorCase):
    """One organisation processes for two companies: each has its own file, place and orders, and
    its people see and change nothing of the other's."""

    requirement = "P4 A2 ISO-4.1.5 CN-GMP-3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls.in_stock(cls.stent, "TC-1", quantity=20)
        cls.lot.company_id = cls.company
        cls.order = cls.env["med.outsourcing.order"].create({
            "processor_id": cls.processor.id, "process": "assembly",
            "line_ids": [Command.create({"lot_id": cls.lot.id, "quantity": 10})]})
        cls.order.action_release()
        cls.order.send_picking_ids.move_ids.picked = True
        cls.order.send_picking_ids.with_context(skip_expired=True).button_validate()
        cls.done_there(cls.order, {"TC-1": 10})
        cls.release = cls.theirs(cls.order, {"TC-1": 10}, cls.order.revision)
        cls.scan = cls.paper(cls.release)
        cls.portal_sign(cls.release, "released")
        cls.certificate = cls.env["med.processor.certificate"].create({
            "processor_id": cls.processor.id, "number": "L-1", "kind": "licence",
            "date_from": "2026-01-01", "date_to": "2030-01-01"})
        cls.statement = cls.env["med.outsourcing.statement"].with_user(cls.anna).create({
            "processor_id": cls.processor.id, "date_from": "2026-02-01"})
        cls.far = cls.foreign_company()
        cls.fred = cls.person("qa,warehouse,purchasing", "fred", company_id=cls.far.id,
                              company_ids=[Command.set(cls.far.ids)])
        cls.fred.group_ids += cls.env.ref("stock.group_stock_manager") + cls.env.ref(
            "mrp.group_mrp_user") + cls.env.ref("purchase.group_purchase_user")

    def of_far(self, record):
        """Return a record as the other company's person has it, with each context he may send."""
        for context in ({}, {"allowed_company_ids": self.far.ids},
                        {"allowed_company_ids": [self.far.id, self.company.id]},
                        {"allowed_company_ids": [self.company.id]},
                        {"active_test": False, "med_permit": True, "su": True}):
            yield context, record.with_user(self.fred).with_context(**context)

    def test_nothing_of_the_other_company_is_found_read_or_written(self):
        self.env.flush_all()
        for name in MODELS:
            mine = self.env[name].sudo().search([("company_id", "=", self.company.id)], limit=1)
            if not mine:
                self.assertIn(name, ("med.outsourcing.statement.line", "med.lot.step"))
                continue
            for context, record in self.of_far(mine):
                with self.subTest(model=name, context=context):
                    try:
                        found = record.search([("id", "=", mine.id)])
                    except AccessError:
                        found = record.browse()
                    self.assertFalse(found)
                    with self.assertRaises(AccessError):
                        record.read(["company_id"])
                    with self.assertRaises(UserError):
                        record.write({"company_id": self.far.id})
                    with self.assertRaises(UserError):
                        record.unlink()

    def test_no_step_of_the_other_company_is_taken(self):
        calls = {
            self.order: ("action_release", "action_cancel", "action_return", "action_enter",
                         "action_mail"),
            self.release: ("action_cancel", "action_revoke", "action_enter_paper",
                           "action_print"),
            self.statement: ("action_print", "action_enter_paper"),
        }
        for record, names in calls.items():
            for name in names:
                for context, there in self.of_far(record):
                    with self.subTest(call=name, context=context), self.assertRaises(
                            UserError), self.env.cr.savepoint():
                        getattr(there, name)()
        env = self.env(user=self.fred, context={"allowed_company_ids": self.far.ids})
        entry = env["med.outsourcing.entry"].create({
            "order_id": self.order.id, "kind": "note", "reference": "X", "person": "X",
            "note": "X"})
        with self.assertRaises(UserError):
            entry.action_enter()
        with self.assertRaises(UserError):
            env["med.processor.scan"].create({
                "res_model": self.release._name, "res_id": self.release.id, "file": PDF,
                "meaning": "withdrawn"})

    def test_nothing_is_made_of_the_other_company_s_records(self):
        env = self.env(user=self.fred, context={"allowed_company_ids": self.far.ids})
        wanted = {
            "order": lambda: env["med.outsourcing.order"].create({
                "processor_id": self.processor.id, "process": "assembly"}),
            "order there": lambda: env["med.outsourcing.order"].create({
                "processor_id": self.processor.id, "process": "assembly",
                "company_id": self.company.id}),
            "release": lambda: env["med.processor.release"].create({"order_id": self.order.id}),
            "statement": lambda: env["med.outsourcing.statement"].create({
                "processor_id": self.processor.id, "date_from": "2026-01-01"}),
            "certificate": lambda: env["med.processor.certificate"].create({
                "processor_id": self.processor.id, "number": "L-9", "kind": "licence",
                "date_from": "2026-01-01", "date_to": "2099-01-01"}),
            "scope": lambda: env["med.processor.scope"].create({
                "processor_id": self.processor.id, "process": "coating"}),
            "agreement": lambda: env["med.quality.agreement"].create({
                "processor_id": self.processor.id, "name": "X"}),
            "line": lambda: env["med.outsourcing.lot"].create({
                "order_id": self.order.id, "lot_id": self.lot.id, "quantity": 1}),
            "deviation": lambda: env["med.deviation"].create({
                "kind": "planned", "med_outsourcing_order_ids": [Command.set(self.order.ids)]}),
        }
        for what, call in wanted.items():
            with self.subTest(what), self.assertRaises(UserError), \
                    self.env.cr.savepoint():
                call()
                self.env.flush_all()

    def test_a_lot_or_place_of_one_company_is_no_lot_or_place_of_the_other(self):
        far = self.file_of_far()
        self.assertNotEqual(far.location_id, self.place)
        env = self.env(user=self.fred, context={"allowed_company_ids": self.far.ids})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            env["med.outsourcing.order"].create({
                "processor_id": far.id, "process": "assembly",
                "line_ids": [Command.create({"lot_id": self.lot.id, "quantity": 1})]})
        own = self.far_lot("FAR-1")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.move([(self.stent, own, 5)], self._warehouse(self.far).lot_stock_id, self.place,
                      partner=self.works, company=self.far)

    def test_an_order_of_one_company_moves_and_tells_nothing_of_the_other(self):
        far = self.file_of_far()
        own = self.far_lot("FAR-1")
        env = self.env(user=self.fred, context={"allowed_company_ids": self.far.ids})
        order = env["med.outsourcing.order"].create({
            "processor_id": far.id, "process": "assembly",
            "line_ids": [Command.create({"lot_id": own.id, "quantity": 5})]})
        order.action_release()
        order.send_picking_ids.move_ids.picked = True
        order.send_picking_ids.with_context(skip_expired=True).button_validate()
        quants = self.env["stock.quant"].sudo()
        self.assertEqual(sum(quants.search([
            ("location_id", "child_of", far.location_id.id)]).mapped("quantity")), 5)
        self.assertEqual(sum(quants.search([
            ("location_id", "child_of", self.place.id)]).mapped("quantity")), 10)
        # A hold there reaches that company's order alone.
        before = len(self.order.event_ids)
        env["med.hold"].place(lots=own.ids, reason="Looks wrong")
        self.assertEqual(len(self.order.event_ids), before)
        self.assertTrue(order.sudo().event_ids.filtered(lambda one: one.origin == "own"))
        # What is reported of one names no lot of the other.
        with self.assertRaisesRegex(UserError, "is not of"):
            order.sudo()._med_report({
                "kind": "received", "reference": "1", "time": fields.Datetime.now(),
                "lots": [{"lot": "TC-1", "quantity": 1}]}, "portal")
        self.assertFalse(self.env["med.processor.release.line"]._med_released(own, far)[own])

    def test_the_same_person_signs_in_each_company_what_is_asked_of_him_there(self):
        far = self.file_of_far()
        lot = self.far_lot("TC-1")  # the number that the other company's lot has as well
        order = self.env["med.outsourcing.order"].create({
            "processor_id": far.id, "process": "assembly", "company_id": self.far.id,
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": 5})]})
        order._med_store({"revision": "R1", "state": "acknowledged"})
        self.done_there(order, {"TC-1": 5})
        theirs = self.theirs(order, {"TC-1": 5})
        with self.assertRaises(AccessError):  # not named in that file
            self.portal_sign(theirs, "released", processor=far)
        with self.assertRaises(AccessError):  # and not through the other one
            self.portal_sign(theirs, "released")
        far.sudo().user_ids += self.pia
        self.portal_sign(theirs, "released", processor=far)
        self.assertEqual(theirs.company_id, self.far)
        Line = self.env["med.processor.release.line"]
        self.assertEqual(Line._med_released(lot, far), {lot: 5})
        self.assertEqual(Line._med_released(lot, self.processor), {lot: 0})
        self.assertEqual(Line._med_released(self.lot, self.processor), {self.lot: 10})

    # ------------------------------------------------------------------ what the other one has

    def file_of_far(self):
        (self.bert | self.anna).company_ids += self.far
        file = self.env["med.processor"].with_user(self.bert).with_company(self.far).create({
            "partner_id": self.works.id, "company_id": self.far.id, "risk_class": "low",
            "date_review": "2030-03-01", "scope_ids": [
                Command.create({"process": one}) for one in ("assembly", "sterilisation_eo")]})
        self.sign(file, self.anna, "approved")
        return file.with_env(self.env)

    def far_lot(self, name):
        lot = self.env["stock.lot"].create({
            "name": name, "product_id": self.stent.id, "company_id": self.far.id})
        self.receive(self.stent, {lot: 20}, company=self.far)
        lot._med_set_status("released")
        return lot
