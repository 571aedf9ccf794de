from odoo.addons.med_base.tests.common import tables_of
from odoo.tests.common import tagged

from ..hooks import KEPT, uninstall_hook
from .common import ChangeExchangeCase


@tagged("post_install", "-at_install")
class TestRemoval(ChangeExchangeCase):
    """Whom a change was told, and what they answered, outlives the addon."""

    requirement = "P11-10c ISO-4.2.5"

    def test_every_table_of_the_addon_is_kept(self):
        tables = tables_of(self.env, "med_exchange_change")
        self.assertIn("med_change_notice_product_product_rel", tables)
        self.assertEqual(set(KEPT), tables)

    def test_removal_copies_notices_with_their_products_and_every_answer(self):
        notice = self.told_of(self.requested())
        for agreement, note in (("refused", "No"), ("agreed", "After the talk")):
            self.apply("change_notice", self.answered_with(
                notice, agreement, agreement_note=note), self.processor, object_id=notice.name)
        uninstall_hook(self.env)
        self.env.cr.execute("""
            SELECT n.state, n.description, r.product_product_id
              FROM med_evidence.med_change_notice n
              JOIN med_evidence.med_change_notice_product_product_rel r
                ON r.med_change_notice_id = n.id
             WHERE n.id = %s""", [notice.id])
        self.assertEqual(self.env.cr.fetchall(), [
            ("agreed", "Tube B for tube A", notice.product_ids.id)])
        self.env.cr.execute("""
            SELECT agreement, note, superseded, exchange_partner_id, user_id
              FROM med_evidence.med_change_answer WHERE notice_id = %s ORDER BY id""",
                            [notice.id])
        his = (self.processor.id, self.processor.user_id.id)
        self.assertEqual(self.env.cr.fetchall(), [
            ("refused", "No", True, *his), ("agreed", "After the talk", False, *his)])

    def test_what_an_earlier_removal_kept_stays(self):
        self.told_of(self.requested())
        for _time in range(2):
            uninstall_hook(self.env)
            self.env.cr.execute("SELECT count(*) FROM med_evidence.med_change_notice")
            self.assertEqual(self.env.cr.fetchall(), [(1,)])
        self.env.cr.execute("""SELECT count(*) FROM pg_tables WHERE schemaname = 'med_evidence'
                                  AND tablename ~ '^med_change_notice_[0-9]'""")
        self.assertEqual(self.env.cr.fetchall(), [(1,)])
