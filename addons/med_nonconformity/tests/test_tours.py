from odoo.tests import tagged

from .common import NonconformityCase


@tagged("post_install", "-at_install")
class TestTours(NonconformityCase):
    """Reported in two taps; evaluated, contained, scrapped and closed; both languages."""

    requirement = "ISO-8.3.1 ISO-8.3.2 T1 T2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"].search([
            ("name", "in", ["med_nonconformity", "med_signature"])])._update_translations(["zh_CN"])
        for person in (cls.walter, cls.anna):
            person.group_ids += cls.env.ref("stock.group_stock_user")

    def told_in_two_taps(self, lang):
        lot = self.in_stock(self.stent, "TELL-1")
        self.walter.lang = lang
        self.clock.tick(3600)
        self.start_tour(f"/odoo/action-stock.action_production_lot_form/{lot.id}",
                        "med_nonconformity_report_tour", login="walter")
        self.env.invalidate_all()
        record = lot.med_nonconformity_line_ids.nonconformity_id
        self.assertEqual((record.summary, record.source, record.reported_by_id),
                         ("Wet carton", "stock", self.walter))
        self.assertEqual(lot.med_hold_count, 1)

    def test_told_in_two_taps_by_the_warehouse(self):
        self.told_in_two_taps("en_US")

    def test_told_in_two_taps_by_the_warehouse_in_chinese(self):
        self.told_in_two_taps("zh_CN")

    def scrapped_and_closed(self, lang, tour):
        raw = self.in_stock(self.tube, "NC-RAW1", "NC-RAW2")
        made = self.make(self.stent, 2, [(self.tube, raw[0], 2)],
                         lots=self.lots_of(self.stent, "NC-S1")).lot_producing_ids
        record = self.reported(raw[0], summary="Cracked tube")
        self.anna.lang = lang
        self.clock.tick(3600)
        self.start_tour("/odoo/med-nonconformities", tour, login="anna", timeout=180)
        self.env.invalidate_all()
        self.assertEqual(record.state, "closed")
        self.assertEqual({line.lot_id: (line.basis, line.decision, line.posted)
                          for line in record.line_ids},
                         {raw[0]: ("reported", "scrap", 8), made: ("exact", "scrap", 2)})
        self.assertEqual({one.lot_id: (one.state, one.note) for one in record.candidate_ids},
                         {made: ("taken", False), raw[1]: ("left", "Measured: good")})
        self.assertEqual((raw | made).mapped("med_hold_count"), [0, 0, 0])
        self.assertEqual(record.med_signature_ids.mapped("login"), ["anna"] * 3)

    def test_evaluated_contained_scrapped_and_closed(self):
        self.scrapped_and_closed("en_US", "med_nonconformity_decide_tour")

    def test_evaluated_contained_scrapped_and_closed_in_chinese(self):
        self.scrapped_and_closed("zh_CN", "med_nonconformity_decide_zh_tour")
