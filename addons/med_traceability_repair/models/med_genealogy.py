from odoo import models
from odoo.tools import SQL


class MedGenealogy(models.AbstractModel):
    _inherit = 'med.genealogy'

    def _sql_orders(self):
        return [
            ('repair.order', SQL("sm.repair_id"), SQL("'repair'"), SQL("'removal'"),
             SQL("(SELECT name FROM repair_order WHERE id = x.res_id)")),
            *super()._sql_orders(),
        ]

    def _sql_carriers(self):
        """The unit under repair: what is fitted goes into it, what is removed comes out of it."""
        return [*super()._sql_carriers(), *(SQL(
            """
            SELECT %(side)s, %(kind)s, 'repair.order', sm.repair_id, 0
             WHERE sm.repair_id IS NOT NULL AND sm.repair_line_type IS NULL AND EXISTS (
                   SELECT 1 FROM stock_move part
                    WHERE part.repair_id = sm.repair_id AND part.state = 'done'
                      AND part.repair_line_type = ANY(%(types)s))
            """, side=side, kind=kind, types=types)
            for side, kind, types in (
                ('out', 'repair', ['add']), ('in', 'removal', ['remove', 'recycle'])))]
