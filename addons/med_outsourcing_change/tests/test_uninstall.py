from odoo.tests import tagged

from ..hooks import KEPT, uninstall_hook
from .common import ChangePortalCase


@tagged("post_install", "-at_install")
class TestUninstall(ChangePortalCase):
    """Removal takes no answer and no signature away, and what joined them is kept beside."""

    requirement = "A2 V6"

    def test_answers_and_signatures_outlive_the_addon(self):
        own = self.notice()
        self.signed_in(self.porter)
        self.say(own, answer="refused", note="No")
        answer = self.answers(own)
        uninstall_hook(self.env)
        for table in KEPT:
            self.env.cr.execute(
                "SELECT to_regclass(%s)", [f"med_evidence.{table}"])
            self.assertTrue(self.env.cr.fetchone()[0])
        self.env.cr.execute(
            "SELECT signature_id FROM med_evidence.med_change_answer WHERE id = %s", [answer.id])
        self.assertEqual(self.env.cr.fetchone()[0], answer.signature_id.id)
        # Without this addon's code the signature says the same: it holds what was signed.
        self.assertEqual(answer.signature_id._get_status(), "valid")
        self.assertFalse(hasattr(type(own), "_med_processor_content"))
