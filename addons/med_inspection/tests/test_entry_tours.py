from odoo.fields import Command
from odoo.tests.common import tagged

from .common import InspectCase
from .test_control_chart import GROUPS


@tagged("post_install", "-at_install")
class TestEntryTours(InspectCase):
    """From the receipt to a rejection without a mouse, in both languages; many at once; a chart."""

    requirement = "ISO-7.4.3 ISO-8.2.6 SMP-12 SPC-7 T4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search(
            [("name", "in", ["med_inspection", "med_signature"])])._update_translations(["zh_CN"])
        cls.plan(
            characteristics=[cls.length(chart="xbar_r", lower="9.9", upper="10.1"), {
                "key": "look", "name": "Surface", "kind": "check",
                "defect_code_ids": [Command.set(cls.crack.ids)]}],
            classes=[{"defect_class": "major", "method": "full"},
                     {"defect_class": "critical", "method": "full"}])
        for person in (cls.ines, cls.ivan):
            person.group_ids += cls.env.ref("stock.group_stock_user")

    def rejected_by_keyboard(self, lang):
        inspection = self.inspected("KEY-1")
        self.ines.lang = lang
        self.clock.tick(3600)
        self.start_tour("/odoo/med-inspector", "med_inspection_entry_tour", login="ines",
                        timeout=180)
        self.env.invalidate_all()
        self.assertEqual((inspection.state, inspection.verdict, inspection.conclusion),
                         ("rejected", "not_accepted", "A crack"))
        first, second = inspection.reading_ids.filtered(
            lambda row: (row.characteristic, row.unit) == ("len", "1")).sorted("id")
        self.assertEqual((first.value, second.value, second.corrects_id), ("10.0", "10.02", first))
        self.assertTrue(second.note)
        self.assertEqual(inspection.lot_id.med_hold_line_ids.source, "inspection")
        self.assertEqual(inspection.reading_ids.filtered("defects").defects, ["T-CRK"])

    def test_received_measured_and_rejected_by_keyboard(self):
        self.rejected_by_keyboard("en_US")

    def test_received_measured_and_rejected_by_keyboard_in_chinese(self):
        self.rejected_by_keyboard("zh_CN")

    def test_leaving_warns_of_what_was_typed_and_not_entered(self):
        inspection = self.inspected("LEAVE-1")
        self.clock.tick(3600)
        self.start_tour("/odoo/med-inspector", "med_inspection_leave_tour", login="ines",
                        timeout=180)
        self.env.invalidate_all()
        self.assertEqual(inspection.reading_ids.mapped("value"), ["10.0"])

    def filled(self, name, length="10.0"):
        inspection = self.inspected(name)
        self.enter(inspection, [
            *self.values(inspection, length), *self.values(inspection, "pass", "look")])
        self.submit(inspection)
        return inspection

    def test_the_clean_ones_are_accepted_under_one_signature(self):
        clean = self.filled("BAT-1") | self.filled("BAT-2")
        bad = self.filled("BAT-3", "12")
        self.clock.tick(3600)
        self.start_tour("/odoo/med-inspector", "med_inspection_batch_tour", login="ivan",
                        timeout=180)
        self.env.invalidate_all()
        self.assertEqual(set(clean.mapped("state")), {"accepted"})
        self.assertEqual(bad.state, "submitted")

    def test_a_chart_is_looked_at(self):
        product = self.product("Charted", med_controlled=True)
        self.plan(characteristics=[self.length(chart="xbar_r", lower="9.4", upper="10.6")],
                  product_tmpl_ids=[Command.set(product.product_tmpl_id.ids)])
        for number, group in enumerate(GROUPS):
            inspection = self.inspected(f"CT-{number}", 5, product)
            self.enter(inspection, [
                {"characteristic": "len", "unit": sample.unit, "value": value}
                for sample, value in zip(inspection.sample_ids, group, strict=True)])
            self.submit(inspection)
        chart = self.env["med.control.chart"].search([("product_id", "=", product.id)])
        self.start_tour(f"/odoo/med-charts/{chart.id}", "med_inspection_chart_tour", login="anna",
                        timeout=180)
