from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .common import TraceCase


@tagged('post_install', '-at_install')
class TestCheck(TraceCase):
    """The check finds what was changed behind the application's back (P11-10a-2, T8)."""

    requirement = 'P11-10a-2 T8'

    def setUp(self):
        super().setUp()
        self.lot = self.receive(self.product("Resin"), {'C-1': 10})
        self.qa = self.user('qa', login='check_qa')

    def check(self, user):
        check = self.env['med.genealogy.check'].with_user(user).create({})
        check.action_check()
        return check

    def test_a_healthy_database_has_no_difference(self):
        check = self.check(self.qa)
        self.assertEqual((check.missing_count, check.extra_count), (0, 0))
        self.assertGreater(check.lines_compared, 0)

    def test_a_quantity_changed_by_sql_is_listed_and_superseded_by_quality_assurance(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move_line SET quantity_product_uom = 7 WHERE lot_id = %s", [self.lot.id])
        self.env.invalidate_all()
        check = self.check(self.qa)
        self.assertEqual((check.missing_count, check.extra_count), (1, 1))
        self.assertEqual(check.line_ids.lot_id, self.lot)
        check.action_rebuild()
        self.assertEqual((check.missing_count, check.extra_count), (0, 0))
        lines = self.env['med.genealogy.line'].with_context(active_test=False).search(
            [('lot_id', '=', self.lot.id)], order='id')
        self.assertEqual(lines.mapped('quantity'), [10, 7])
        self.assertEqual(lines.mapped('active'), [False, True])

    def test_only_quality_assurance_brings_it_in_step(self):
        check = self.check(self.user('viewer', login='check_viewer'))
        with self.assertRaises(AccessError):
            check.action_rebuild()
