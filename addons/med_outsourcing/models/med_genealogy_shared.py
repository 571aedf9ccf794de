from odoo import models
from odoo.tools import SQL


class MedGenealogy(models.AbstractModel):
    """What a processor used for several lots together is possible in each, and certain in none."""

    _inherit = "med.genealogy"

    def _settle(self, event_ids):
        result = super()._settle(event_ids)
        self.env.cr.execute(SQL(
            """
            UPDATE med_genealogy_line l SET certain = FALSE
              FROM med_genealogy_event e JOIN mrp_production p ON p.id = e.res_id
             WHERE l.event_id = e.id AND e.id = ANY(%s) AND e.res_model = 'mrp.production'
               AND p.med_shared AND l.active AND l.side = 'in' AND l.certain
               AND EXISTS (SELECT FROM med_genealogy_line o
                            WHERE o.event_id = l.event_id AND o.active AND o.side = 'in'
                              AND o.product_id = l.product_id AND o.lot_id <> l.lot_id)
            """, list(event_ids)))
        return result
