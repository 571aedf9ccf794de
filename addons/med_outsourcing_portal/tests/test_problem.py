import io

from odoo.fields import Domain
from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestProblem(PortalCase):
    """What a processor finds wrong is a nonconformity of ours, and the lots are held at once."""

    requirement = "V6 CN-GMP-OUT Q6"

    def setUp(self):
        super().setUp()
        self.signed_in(self.porter)
        page = self.url_open(f"/my/processor/problem?order={self.order.id}")
        self.assertEqual(page.status_code, 200)
        self.page = self.fields_of(page.text) | {
            "order": str(self.order.id), "time": "2026-03-02T19:59:00", "person": "Wang Fang",
            "summary": "Scratched <script>alert(1)</script>"}

    def report(self, files=(), **fields):
        return self.url_open("/my/processor/problem", data={**self.page, **fields},
                             allow_redirects=False, files=[("files", one) for one in files] or None)

    def problems(self):
        self.env.invalidate_all()
        return self.env["med.nonconformity"].search([("source", "=", "processor")])

    def test_it_is_reported_in_its_first_state_and_the_lots_are_held(self):
        answer = self.report(
            [("photo.jpg", io.BytesIO(b"\xff\xd8\xff\xe0photo"), "image/jpeg")],
            lot_name_0="S-1", lot_quantity_0="2", description="On the label")
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        problem = self.problems()
        self.assertRecordValues(problem, [{
            "state": "reported", "partner_id": self.maker.id, "source_id": self.order.id,
            "reported_by_id": self.porter.id, "product_id": self.stent.id}])
        self.assertEqual(problem.line_ids.lot_id, self.lots[0])
        self.assertEqual(problem.hold_count, 1)
        self.assertIn("S-1: 2", problem.description)
        files = self.env["ir.attachment"].search([
            ("res_model", "=", "med.nonconformity"), ("res_id", "=", problem.id)])
        self.assertEqual(files.mapped("name"), ["photo.jpg"])
        page = self.url_open(self.url()).text
        self.assertIn(problem.name, page)
        self.assertIn("Scratched &lt;script&gt;", page)
        self.assertNotIn("<script>alert(1)", page)

    def test_sent_twice_it_is_one(self):
        for _again in range(2):
            self.assertEqual(self.report(lot_name_0="S-1").status_code, 303)
        self.assertEqual(len(self.problems()), 1)

    def test_of_his_lots_those_are_read_that_are_asked_for(self):
        self.in_stock(self.stent, "R-0")
        of, both = self.file._med_portal_lots, self.file | self.rival_file
        self.assertEqual(of(), self.lots)
        self.assertEqual(of(among=[("name", "in", ("S-2", "R-0"))]), self.lots[1])
        for none in ([("id", "in", [])], Domain.FALSE):
            self.assertFalse(of(among=none))
        self.assertEqual(of(limit=1), self.lots.sorted("id")[-1])
        self.assertEqual(both._med_portal_lots(), self.lots)
        self.assertFalse(self.rival_file._med_portal_lots())
        self.assertFalse(self.file.browse()._med_portal_lots())
        self.drafted(self.rival_file, self.in_stock(self.stent, "R-2"))
        self.assertFalse(self.rival_file._med_portal_lots(), "it is a draft")

    def test_lots_of_others_are_not_held_by_naming_them(self):
        other = self.in_stock(self.stent, "R-1")
        self.report(lot_name_0="R-1", lot_name_1="S-2", lot_quantity_1="1")
        problem = self.problems()
        self.assertEqual(problem.line_ids.lot_id.mapped("name"), ["S-2"])
        self.assertIn("R-1", problem.description)
        self.assertFalse(other.med_hold_count)

    def test_nothing_typed_is_lost(self):
        for wrong in ({"summary": ""}, {"order": ""}, {"time": "2099-01-01T00:00:00"},
                      {"lot_name_0": "S-1", "lot_quantity_0": "two"}):
            with self.subTest(wrong=wrong):
                answer = self.report(**{"description": "Long story", **wrong})
                self.assertEqual(answer.status_code, 422)
                self.assertIn("Long story", answer.text)
        self.assertFalse(self.problems())
