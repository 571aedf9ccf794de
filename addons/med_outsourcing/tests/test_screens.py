from datetime import timedelta

from odoo import fields
from odoo.tests import Form, tagged

from .orders import OrderCase


@tagged("post_install", "-at_install")
class TestScreens(OrderCase):
    """What people see of orders and releases at a glance, and what is printed (V4, V5, R4)."""

    requirement = "V4 V5 R4 CN-OUT-2"

    def test_the_next_date_to_be_kept_is_shown_until_nothing_waits(self):
        lots = self.in_stock(self.stent, "N-1")
        order = self.process_order(lots)
        now = fields.Datetime.now()
        order.write({"date_due_acknowledge": now + timedelta(days=1),
                     "date_due": now + timedelta(days=9)})
        self.assertEqual((order.next_due_text, order.next_due),
                         ("Acknowledgement Due", now + timedelta(days=1)))
        self.report(order, "acknowledged")
        self.assertEqual(order.next_due_text, "Due Back")
        order._med_store({"state": "received"})
        self.assertFalse(order.next_due or order.next_due_text)

    def test_groups_by_state_follow_the_life_of_an_order(self):
        expand = self.env["med.outsourcing.order"]._med_expand_states
        self.assertEqual(expand(["shipped", "draft", "released"], []),
                         ["draft", "released", "shipped"])

    def test_what_is_not_as_ordered_is_counted_until_it_is_corrected(self):
        order = self.begun(self.process_order(self.in_stock(self.stent, "N-2")))
        said = self.report(order, "result", parameters=[
            {"name": "Temperature", "value": "91", "unit": "", "low": "60", "high": "80"}])
        self.assertEqual(order.deviation_count, 1)
        self.assertIn(said, self.env["med.outsourcing.event"].search(
            order.action_deviations()["domain"]))
        self.report(order, "result", supersedes=said.reference)
        self.assertEqual(order.deviation_count, 0)

    def test_a_new_release_begins_with_what_is_finished_and_not_released_yet(self):
        lots = self.in_stock(self.stent, "N-3", "N-4")
        order = self.begun(self.process_order(lots))
        self.report(order, "finished", [("N-3", 10, "good"), ("N-4", 6, "good"),
                                        ("N-4", 4, "reject")])
        self.assertEqual(order.action_releases()["views"], [(False, "form")])

        def begin():
            return Form(self.env["med.processor.release"].with_context(
                default_order_id=order.id)).save()

        first = begin()
        self.assertEqual(first.revision, order.revision)
        self.assertEqual({line.lot_name: line.quantity for line in first.line_ids},
                         {"N-3": 10, "N-4": 6})
        self.assertEqual(order.release_count, 1)
        self.assertFalse(begin().line_ids, "all of it waits in the first one")
        first.action_cancel()
        self.assertEqual(len(begin().line_ids), 2)

    def test_what_is_frozen_does_not_depend_on_the_language_of_who_releases(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.device.uom_id.with_context(lang="zh_CN").name = "件"
        revisions = set()
        for lang in ("en_US", "zh_CN"):
            self.env.user.lang = lang
            type(self).env = self.env(context={**self.env.context, "lang": lang})
            order = self.made_order()
            revisions.add(order.revision)
        self.assertEqual(len(revisions), 1)

    def test_the_paper_names_products_and_units_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.body.with_context(lang="zh_CN").name = "导管主体"
        self.screw.with_context(lang="zh_CN").name = "螺旋接头"
        order = self.made_order()
        self.screw.name = "Screw, changed since"
        told = order.with_context(lang="zh_CN")._med_told_contract()
        self.assertEqual([line["name"] for line in told["products"][0]["bom"]["lines"]],
                         ["导管主体", "Screw"])
        self.assertNotIn("导管主体", str(order.contract), "what was frozen stays")
        self.assertTrue(order._med_order_pdf().startswith(b"%PDF"))

    def test_the_steps_of_one_lot_are_told_in_their_order(self):
        lot = self.in_stock(self.stent, "N-5")
        action = lot.action_med_steps()
        self.assertTrue(action["context"]["med_one_lot"])
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        self.assertIn('default_order="date, id"', view.get_combined_arch())
