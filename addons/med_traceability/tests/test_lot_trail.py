from odoo.tests import tagged

from .common import TraceCase


@tagged('post_install', '-at_install')
class TestLotTrail(TraceCase):
    """P11-10b, P11-10e-3: a copy of the trail of a lot is that of all that makes up its file."""

    requirement = "P11-10b P11-10e-3"

    def test_copy_of_a_lot_holds_its_moves_documents_and_orders(self):
        raw = self.receive(self.product("Trail pellets"), {'LT-RAW': 25})
        kit = self.lots_of(self.product("Trail kit"), 'LT-KIT')
        self.make(kit.product_id, 10, [(raw.product_id, raw, 20)], kit)
        self.deliver([(kit.product_id, kit, 8)])
        self.env.flush_all()
        entries = self.env['med.audit.entry'].with_user(self.user('qa,warehouse,operator'))
        found = {}
        for row in entries._copy_rows({'record': kit, 'first': None, 'last': None}):
            found.setdefault(row['model'], set()).add(row['res_id'])
        lines = self.env['stock.move.line'].search([('lot_id', '=', kit.id)])
        self.assertEqual(found['stock.lot'], set(kit.ids))
        self.assertEqual(found['stock.move.line'], set(lines.ids))
        self.assertEqual(found['mrp.production'], set(lines.move_id.production_id.ids))
        self.assertLessEqual(set(lines.picking_id.ids), found['stock.picking'])
        self.assertNotIn(raw.id, found['stock.lot'])
