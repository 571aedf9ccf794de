from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ChangeCase


@tagged("post_install", "-at_install")
class TestReason(ChangeCase):
    """A hazard, or a law that changes, is named by the change that answers it."""

    requirement = "ISO-7.1 CN-GMP-44 Q9 Q11"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hazard = cls.env["med.risk.hazard"].with_user(cls.anna).create({
            "hazard": "Sharp edge", "harm": "Cut", "severity": "3", "probability": "2",
            "residual_severity": "3", "residual_probability": "1"})
        document = cls.env["med.external.document"].search([], limit=1)
        told = document.with_user(cls.anna).report_change(changes="New labels from May")
        cls.review = cls.env["med.external.review"].browse(told["review"])

    def test_a_change_names_hazards_and_they_name_it(self):
        change = self.requested()
        change.with_user(self.anna).hazard_ids = self.hazard
        self.assertEqual((self.hazard.change_ids, change.hazard_count), (change, 1))
        other = self.requested()
        self.hazard.with_user(self.anna).change_ids = [Command.link(other.id)]
        self.assertEqual(other.hazard_ids, self.hazard)

    def test_a_stranger_to_the_change_links_nothing(self):
        change = self.requested(user=self.anna)
        with self.assertRaises(AccessError):
            change.with_user(self.otto).hazard_ids = self.hazard
        with self.assertRaises(AccessError):
            change.with_user(self.otto).external_review_ids = self.review

    def test_a_law_that_changes_is_carried_out_as_a_change_and_stays_named(self):
        action = self.review.with_user(self.anna).action_request_change()
        names = {name.removeprefix("default_"): value
                 for name, value in action["context"].items()}
        self.assertEqual((names["source"], names["external_review_ids"]), ("law", self.review.ids))
        change = self.assessed(external_review_ids=[Command.set(self.review.ids)])
        self.assertEqual(self.review.change_ids, change)
        with self.assertRaises(UserError):
            change.with_user(self.anna).external_review_ids = [Command.clear()]

    def test_what_a_change_signs_for_is_not_changed_from_the_other_side(self):
        capa = self.env["med.capa"].with_user(self.anna).create({"summary": "Seals open"})
        change = self.assessed(external_review_ids=[Command.set(self.review.ids)],
                               capa_ids=[Command.set(capa.ids)])
        context = {"default_change_ids": [Command.set(change.ids)]}
        for record in (capa, self.review.with_user(self.anna)):
            with self.subTest(record), self.assertRaisesRegex(UserError, "named in the change"):
                record.with_context(context).change_ids = [Command.clear()]
        other = self.env["med.capa"].with_user(self.anna).with_context(context).create({
            "summary": "Others open", "change_ids": [Command.set(change.ids)]})
        self.assertFalse(other.change_ids)
        self.assertEqual((change.capa_ids, change.external_review_ids), (capa, self.review))
        self.assertEqual(change.med_signature_status, "valid")
