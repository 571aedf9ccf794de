from odoo.addons.med_base.tests.common import tables_of
from odoo.tests.common import tagged

from ..hooks import KEPT, uninstall_hook
from .common import CapaExchangeCase


@tagged("post_install", "-at_install")
class TestRemoval(CapaExchangeCase):
    """What partners were asked, and what they answered, outlives the addon."""

    requirement = "P11-10c ISO-4.2.5"

    def test_every_table_of_the_addon_is_kept(self):
        # The files are joined by a table that Odoo counts to the attachments.
        self.assertEqual(set(KEPT) - {"ir_attachment_med_capa_request_answer_rel"},
                         tables_of(self.env, "med_exchange_capa"))

    def test_removal_copies_requests_and_answers(self):
        request = self.answered()
        uninstall_hook(self.env)
        self.env.cr.execute("""
            SELECT r.state, a.cause, l.what FROM med_evidence.med_capa_request r
              JOIN med_evidence.med_capa_request_answer a ON a.request_id = r.id
              JOIN med_evidence.med_capa_request_action l ON l.answer_id = a.id
             WHERE r.id = %s""", [request.id])
        self.assertEqual(self.env.cr.fetchall(), [("answered", "Worn jaw", "Change the jaw")])
