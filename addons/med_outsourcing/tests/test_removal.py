from odoo.addons.med_base.tests.common import tables_of
from odoo.tests.common import tagged

from ..hooks import KEPT, uninstall_hook
from .processor_common import ProcessorCase

OTHERS = {"med_deviation_med_outsourcing_order_rel", "med_production_possible_lot"}
"""Made by this addon, and named after models of others."""


@tagged("post_install", "-at_install")
class TestRemoval(ProcessorCase):
    """What processors were approved for, and what they did and signed, outlives the addon."""

    requirement = "A2 CN-GMP-63 ISO-4.2.5"

    def test_every_table_of_the_addon_is_kept(self):
        self.assertEqual(set(KEPT) - OTHERS, tables_of(self.env, "med_outsourcing"))
        self.assertEqual(len(KEPT), len(set(KEPT)))

    def test_removal_copies_what_was_approved_and_signed(self):
        lot = self.in_stock(self.stent, "RM-1")
        scan = self.paper(self.theirs(self.processing((lot, 10)), {"RM-1": 10}))
        kind = self.env["med.certificate.kind"].search([("code", "=", "iso11135")])
        file = self.processor.with_user(self.anna)
        file.med_transition("revise", "Certificates")
        self.processor.scope_ids[0].certificate_kind_ids = kind
        uninstall_hook(self.env)
        self.env.cr.execute("SELECT person FROM med_evidence.med_processor_scan WHERE id = %s",
                            [scan.id])
        self.assertEqual(self.env.cr.fetchall(), [("Mr. Li",)])
        self.env.cr.execute("""
            SELECT k.code FROM med_evidence.med_certificate_kind k
              JOIN med_evidence.med_certificate_kind_med_processor_scope_rel r
                ON r.med_certificate_kind_id = k.id
             WHERE r.med_processor_scope_id = %s""", [self.processor.scope_ids[0].id])
        self.assertEqual(self.env.cr.fetchall(), [("iso11135",)])
