from odoo import models
from odoo.tools import SQL


class MedGenealogy(models.AbstractModel):
    """Where nobody said which lots were used, every lot that the processor had is possible."""

    _inherit = "med.genealogy"

    def _settle(self, event_ids):
        # A lot that our books did not take stands there with no quantity, as a unit under repair.
        self.env.cr.execute(SQL(
            """
            INSERT INTO med_genealogy_line (event_id, kind, side, active, date, company_id,
                   product_id, lot_id, quantity, transform, certain, linked, open, node,
                   create_uid, create_date, write_uid, write_date)
            SELECT e.id, e.kind, 'in', TRUE, e.date, e.company_id, lot.product_id, lot.id, 0, TRUE,
                   FALSE, FALSE, TRUE, lot.id, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                   now() AT TIME ZONE 'UTC'
              FROM med_genealogy_event e
              JOIN med_production_possible_lot p ON p.production_id = e.res_id
              JOIN stock_lot lot ON lot.id = p.lot_id
             WHERE e.id = ANY(%(events)s) AND e.res_model = 'mrp.production'
               AND NOT EXISTS (SELECT FROM med_genealogy_line l
                                WHERE l.event_id = e.id AND l.side = 'in' AND l.active
                                  AND l.lot_id = lot.id)
            """, events=list(event_ids), uid=self.env.uid))
        result = super()._settle(event_ids)
        self.env.cr.execute(SQL(
            """
            UPDATE med_genealogy_line l SET certain = FALSE
              FROM med_genealogy_event e
             WHERE l.event_id = e.id AND e.id = ANY(%s) AND e.res_model = 'mrp.production'
               AND l.active AND l.side = 'in' AND l.certain
               AND EXISTS (SELECT FROM med_production_possible_lot p
                             JOIN stock_lot lot ON lot.id = p.lot_id
                            WHERE p.production_id = e.res_id
                              AND lot.product_id = l.product_id AND lot.id <> l.lot_id)
            """, list(event_ids)))
        return result
