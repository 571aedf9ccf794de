from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestSigning(PortalCase):
    """A processor signs with his password, each time, what he has before him."""

    requirement = "R4 CN-GMP-OUT V6"

    def setUp(self):
        super().setUp()
        self.signed_in(self.porter)

    def finished(self):
        self.begin()
        answer = self.send("finished", lot_name_0="S-1", lot_quantity_0="5",
                           lot_outcome_0="good", lot_name_1="S-2", lot_quantity_1="5",
                           lot_outcome_1="good")
        self.assertEqual(answer.status_code, 303, answer.text[-3000:])

    def let_go(self, form=None, **fields):
        form = form or self.fields_of(self.url_open(self.url("release")).text) | {
            "lot_name_0": "S-1", "lot_quantity_0": "5", "secret": "porter-secret"}
        return self.url_open(self.url("release"), data={**form, **fields}, allow_redirects=False)

    def releases(self):
        self.env.invalidate_all()
        return self.env["med.processor.release"].search([("order_id", "=", self.order.id)])

    def test_a_production_release_is_signed_once(self):
        self.finished()
        page = self.url_open(self.url("release")).text
        self.assertIn('value="S-1"', page)
        form = self.fields_of(page) | {
            "lot_name_0": "S-1", "lot_quantity_0": "5", "secret": "porter-secret"}
        for _again in range(2):
            answer = self.let_go(form)
            self.assertEqual(answer.status_code, 303, answer.text[-2500:])
        release = self.releases()
        self.assertRecordValues(release, [{"state": "released", "valid": True}])
        self.assertRecordValues(release.signature_ids, [{
            "meaning": "released", "method": "portal", "user_id": self.porter.id}])
        self.assertIn(release.name, self.url_open(self.url()).text)

    def test_a_wrong_password_signs_nothing_and_is_not_sent_back(self):
        self.finished()
        answer = self.let_go(secret="not-my-secret", note="Kept")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Kept", answer.text)
        self.assertNotIn("not-my-secret", answer.text)
        self.assertFalse(self.releases())
        self.assertEqual(self.let_go(secret="").status_code, 422)
        self.assertFalse(self.releases())

    def test_another_revision_or_lot_is_not_released(self):
        self.finished()
        for fields in ({"revision": "R-other"}, {"lot_name_0": "R-99"},
                       {"lot_quantity_0": "500"}, {"lot_quantity_0": "x"}):
            with self.subTest(fields=fields):
                self.assertEqual(self.let_go(**fields).status_code, 422)
        self.assertFalse(self.releases())

    def test_nobody_else_signs_for_him(self):
        self.finished()
        form = self.fields_of(self.url_open(self.url("release")).text)
        self.signed_in(self.stranger)
        self.assertEqual(self.url_open(self.url("release")).status_code, 404)
        form["csrf_token"] = self.fields_of(self.url_open("/my/processor/problem").text)[
            "csrf_token"]
        self.assertEqual(self.let_go(form | {
            "lot_name_0": "S-1", "lot_quantity_0": "5", "secret": "porter-secret"}).status_code,
            404)
        self.assertFalse(self.releases())

    # ------------------------------------------------------------------ statements

    def statement(self, issue=True):
        pickings = self.order._med_send_pickings()
        pickings.move_ids.picked = True
        pickings.button_validate()
        self.clock.move_to("2026-04-02 08:00:00")
        self.addCleanup(self.clock.move_to, "2026-03-02 12:00:00")
        found = self.env["med.outsourcing.statement"].with_user(self.anna).create({
            "processor_id": self.file.id, "date_from": "2026-03-01"})
        if issue:
            self.sign(found, self.anna, "approved")
        self.env.flush_all()
        self.signed_in(self.porter)
        return found.with_env(self.env)

    def say(self, statement, **fields):
        address = f"/my/processor/statements/{statement.id}"
        form = self.fields_of(self.url_open(address).text)
        return self.url_open(address, data={**form, "secret": "porter-secret", **fields},
                             allow_redirects=False)

    def test_a_statement_is_agreed_to(self):
        statement = self.statement()
        self.assertIn(statement.name, self.url_open("/my/processor").text)
        page = self.url_open(f"/my/processor/statements/{statement.id}").text
        self.assertIn("S-1", page)
        self.assertEqual(self.say(statement).status_code, 422)
        answer = self.say(statement, meaning="agreed")
        self.assertEqual(answer.status_code, 303, answer.text[-2500:])
        self.env.invalidate_all()
        self.assertEqual(statement.state, "agreed")
        self.assertEqual(statement.signature_ids.user_id, self.porter)
        page = self.url_open(f"/my/processor/statements/{statement.id}").text
        self.assertNotIn('name="secret"', page)

    def test_a_statement_is_refused_with_the_reason_only(self):
        statement = self.statement()
        self.assertEqual(self.say(statement, meaning="refused").status_code, 422)
        self.assertEqual(self.say(statement, meaning="refused", note="S-1: 4").status_code, 303)
        self.env.invalidate_all()
        self.assertEqual((statement.state, statement.dispute), ("disputed", "S-1: 4"))

    def test_what_has_changed_since_it_was_read_is_not_signed(self):
        statement = self.statement()
        self.assertEqual(
            self.say(statement, meaning="agreed", digest="0" * 64).status_code, 422)
        self.env.invalidate_all()
        self.assertEqual(statement.state, "issued")

    def test_statements_of_others_and_drafts_are_not_found(self):
        statement = self.statement(issue=False)
        address = f"/my/processor/statements/{statement.id}"
        self.assertEqual(self.url_open(address).status_code, 404)
        self.sign(statement, self.anna, "approved")
        self.env.flush_all()
        self.assertEqual(self.url_open(address).status_code, 200)
        self.signed_in(self.stranger)
        for way in (address, f"{address}/statement.pdf"):
            self.assertEqual(self.url_open(way).status_code, 404)
