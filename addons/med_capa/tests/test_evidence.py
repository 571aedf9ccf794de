from odoo.tests import tagged

from .common import CapaCase


@tagged("post_install", "-at_install")
class TestEvidence(CapaCase):
    """What a case says on paper and in the evidence file of a lot."""

    requirement = "ISO-8.5.2 ISO-4.2.5 TRC-3"

    def test_a_lot_tells_the_capas_of_its_nonconformities(self):
        lot, other = self.in_stock(self.stent, "E1", "E2")
        record = self.implemented(nonconformity_ids=[(4, self.reported(lot).id)])
        rows = {one.name: next(part["rows"] for part in one._med_evidence_sections()
                               if part["key"] == "capas") for one in (lot, other)}
        self.assertEqual([(row["name"], row["cause"], row["actions"]) for row in rows["E1"]],
                         [(record.name, "Worn jaw", "Change the jaw")])
        self.assertEqual(rows["E2"], [])

    def test_the_printed_form_has_cause_actions_effect_and_signatures(self):
        record = self.judge(self.implemented(why_ids=[
            (0, 0, {"question": "Why open?", "answer": "Too cold"})]))
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_capa.report_capa", record.ids)[0].decode()
        for words in (record.name, "Worn jaw", "Why open?", "Change the jaw", "Work order 7",
                      "No open seal in 3 lots", "Seal strength tested again", "3 lots looked at",
                      "Medium", self.bert.name, self.anna.name):
            self.assertIn(words, html)
        self.assertNotIn("<svg", html)

    def test_the_printed_form_draws_the_fish_of_its_causes(self):
        record = self.case(cause_tool="ishikawa", why_ids=[
            (0, 0, {"question": "Worn <jaw>", "category": "machine"})])
        html = self.env["ir.actions.report"]._render_qweb_html(
            "med_capa.report_capa", record.ids)[0].decode()
        for words in ("<svg", ">Machine</text>", ">Environment</text>", ">Worn &lt;jaw&gt;</text>"):
            self.assertIn(words, html)
