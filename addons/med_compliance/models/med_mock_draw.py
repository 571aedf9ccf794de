from odoo import models
from odoo.tools import SQL


class MedMockInspection(models.Model):
    """Which lots are drawn: the same from the same seed, shipped ones first, products in turn.

    What came on file after the draw is known by its id: dates of events may be entered later.
    """

    _inherit = "med.mock.inspection"

    def _med_draw_lots(self):
        """Return the lots that the seed draws from those there were at the moment of the draw.

        The order is that of the SHA-256 of seed, line feed and id, so that any program repeats
        it; in each round every product gives one lot, shipped ones before others.
        """
        for model in ("stock.lot", "med.genealogy.line", "med.genealogy.event"):
            self.env[model].flush_model()
        rows = self.env.execute_query(SQL("""
            WITH candidate AS (
                SELECT l.id, p.product_tmpl_id AS product, %(shipped)s AS shipped,
                       sha256(convert_to(%(seed)s || E'\n' || l.id, 'UTF8')) AS chance
                  FROM stock_lot l
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE t.med_controlled AND COALESCE(l.company_id, %(company)s) = %(company)s
                   AND l.id <= %(last)s %(filters)s),
            turn AS (
                SELECT *, row_number() OVER (PARTITION BY shipped, product ORDER BY chance) AS turn
                  FROM candidate)
            SELECT id FROM turn ORDER BY shipped DESC, turn, chance LIMIT %(count)s""",
            seed=self.seed, company=self.company_id.id, last=self.last_lot,
            count=self.lots_wanted, shipped=self._med_shipped(), filters=self._med_filters()))
        return self.env["stock.lot"].browse([row for row, in rows])

    def _med_shipped(self):
        """Return SQL that says whether lot ``l`` was shipped, to the market that is asked for."""
        market = SQL()
        if self.jurisdiction_id:
            market = SQL("""AND e.partner_id IN (
                SELECT id FROM res_partner WHERE country_id IN %s)""",
                tuple(self.jurisdiction_id.country_ids.ids) or (0,))
        return SQL("""EXISTS (
            SELECT 1 FROM med_genealogy_line g JOIN med_genealogy_event e ON e.id = g.event_id
             WHERE g.lot_id = l.id AND g.kind = 'delivery' AND g.active
               AND g.id <= %s %s)""", self.last_line, market)

    def _med_filters(self):
        parts = []
        if self.product_tmpl_ids:
            parts.append(SQL("AND t.id IN %s", tuple(self.product_tmpl_ids.ids)))
        if self.made_from:
            parts.append(SQL("AND l.create_date >= %s", self.made_from))
        if self.made_to:
            parts.append(SQL("AND l.create_date < %s::date + 1", self.made_to))
        if self.jurisdiction_id:
            parts.append(SQL("AND %s", self._med_shipped()))
        return SQL(" ").join(parts)

    def redraw(self):
        """Repeat the draw, to show that nobody chose the lots.

        :return: ``{"version", "seed", "same", "lots": [ids in the order of the draw]}``
        """
        self.ensure_one()
        self.check_access("read")
        again = self.sudo()._med_draw_lots() if self.drawn_at else self.env["stock.lot"]
        return {"version": 1, "seed": self.seed or "", "lots": again.ids,
                "same": again.ids == self.sudo().lot_ids.lot_id.ids}

    def action_redraw(self):
        """Say on screen whether the draw comes out the same again."""
        told = self.redraw()
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "success" if told["same"] else "danger",
            "message": self.env._("Drawn again: the same lots.") if told["same"] else self.env._(
                "Drawn again: other lots. Lots or deliveries of that time were changed since.")}}
