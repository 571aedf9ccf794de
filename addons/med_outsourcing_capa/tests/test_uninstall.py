from odoo.tests import tagged

from ..hooks import KEPT, uninstall_hook
from .common import CapaPortalCase


@tagged("post_install", "-at_install")
class TestUninstall(CapaPortalCase):
    """Removal takes no answer and no signature away, and what joined them is kept beside."""

    requirement = "A2 V6"

    def test_answers_and_signatures_outlive_the_addon(self):
        own = self.request()
        self.signed_in(self.porter)
        self.say(own)
        answer = self.answers(own)
        uninstall_hook(self.env)
        for table in KEPT:
            self.env.cr.execute("SELECT to_regclass(%s)", [f"med_evidence.{table}"])
            self.assertTrue(self.env.cr.fetchone()[0])
        self.env.cr.execute(
            "SELECT signature_id FROM med_evidence.med_capa_request_answer WHERE id = %s",
            [answer.id])
        self.assertEqual(self.env.cr.fetchone()[0], answer.signature_id.id)
        self.assertEqual(answer.signature_id._get_status(), "valid")
