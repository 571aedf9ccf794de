from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestDeviation(PortalCase):
    """Made to another revision, under a deviation that we granted: reported, and signed by them."""

    requirement = "R4 CN-GMP-OUT V6 ISO-8.3.2"

    def setUp(self):
        super().setUp()
        self.permitted = self.permit()
        self.env.flush_all()
        self.signed_in(self.porter)

    def under(self, **fields):
        return {"deviation": self.permitted.name, "made_to": "R-old", **fields}

    def finished(self, **fields):
        self.begin()
        return self.send("finished", **{
            "lot_name_0": "S-1", "lot_quantity_0": "5", "lot_outcome_0": "good", **fields})

    def let_go(self, **fields):
        page = self.url_open(self.url("release")).text
        return self.url_open(self.url("release"), allow_redirects=False, data={
            **self.fields_of(page), "lot_name_0": "S-1", "lot_quantity_0": "5",
            "secret": "porter-secret", **fields})

    def releases(self):
        self.env.invalidate_all()
        return self.env["med.processor.release"].search([("order_id", "=", self.order.id)])

    def test_what_was_made_under_it_is_reported_and_released_under_it(self):
        self.assertIn(self.permitted.name, self.url_open(self.url()).text)
        answer = self.finished(**self.under())
        self.assertEqual(answer.status_code, 303, answer.text[-2500:])
        event = self.events(kind="finished")
        self.assertEqual((event.revision, event.deviation_id), ("R-old", self.permitted))
        page = self.url_open(self.url("release")).text
        self.assertRegex(page, rf'value="{self.permitted.name}"[^>]*selected')
        self.assertRegex(page, r'<input[^>]*name="made_to"[^>]*value="R-old"')
        # As ordered it was not made: that is not signed.
        answer = self.let_go(deviation="", made_to="")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("reported as made to revision R-old", answer.text)
        self.assertFalse(self.releases())
        answer = self.let_go(**self.under())
        self.assertEqual(answer.status_code, 303, answer.text[-2500:])
        release = self.releases()
        self.assertRecordValues(release, [{
            "state": "released", "valid": True, "revision": "R-old",
            "deviation_id": self.permitted.id}])
        self.assertEqual(release.signature_ids.user_id, self.porter)
        self.assertIn(f'"deviation":"{self.permitted.name}"', release.signature_ids.content)
        self.assertEqual(self.permitted.used, 5)
        self.assertIn("R-old", self.url_open(self.url()).text)

    def test_the_page_of_a_correction_has_what_was_said(self):
        self.finished(**self.under())
        page = self.url_open(self.url("finished") + "?supersedes=" + self.events(
            kind="finished").reference).text
        self.assertRegex(page, r'<input[^>]*name="made_to"[^>]*value="R-old"')
        self.assertRegex(page, rf'value="{self.permitted.name}"[^>]*selected')

    def test_without_the_revision_or_with_a_deviation_of_others_nothing_is_taken(self):
        others = self.permit(med_outsourcing_order_ids=[(6, 0, self.released(
            self.rival_file, self.in_stock(self.stent, "X-1")).ids)])
        self.env.flush_all()
        self.assertNotIn(others.name, self.url_open(self.url("release")).text)
        self.begin()
        for fields in ({"made_to": ""}, {"deviation": others.name}, {"deviation": "DEV/0"},
                       {"deviation": "x\0y"}):
            told = {**self.under(), **fields}
            with self.subTest(told):
                answer = self.send("finished", lot_name_0="S-1", lot_quantity_0="5",
                                   lot_outcome_0="good", **told)
                self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.events(kind="finished"))
        self.send("finished", lot_name_0="S-1", lot_quantity_0="5", lot_outcome_0="good")
        for fields in ({"made_to": ""}, {"deviation": others.name}, {"deviation": "DEV/0"}, {}):
            told = {**self.under(), **fields}
            with self.subTest(told):
                self.assertEqual(self.let_go(**told).status_code, 422)
        self.assertFalse(self.releases())

    def test_a_deviation_beside_the_ordered_revision_is_checked_as_well(self):
        others = self.permit(med_outsourcing_order_ids=[(6, 0, self.released(
            self.rival_file, self.in_stock(self.stent, "X-1")).ids)])
        self.env.flush_all()
        self.finished()
        answer = self.let_go(deviation=others.name, made_to=self.order.revision)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("is for", answer.text)

    def test_withdrawn_it_is_offered_no_more_and_signs_nothing(self):
        self.finished(**self.under())
        self.permitted.with_user(self.anna).med_transition("withdraw", "Wrong drawing")
        self.env.flush_all()
        self.assertNotIn("name=\"made_to\"", self.url_open(self.url("release")).text)
        self.assertEqual(self.let_go(**self.under()).status_code, 422)
        self.assertFalse(self.releases())
