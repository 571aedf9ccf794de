from odoo import fields, models
from odoo.tools import SQL


class MrpProduction(models.Model):
    """Nobody said which lots a processor used: what our books take is a guess, and is shown so."""

    _inherit = "mrp.production"

    med_possible_lot_ids = fields.Many2many(
        "stock.lot", "med_production_possible_lot", "production_id", "lot_id", "Possible Lots",
        readonly=True, copy=False, help=(
            "The processor did not report which lots of these components it used: each of those "
            "that it had since the order was released may be in what was made."))

    def button_mark_done(self):
        """Note, before anything is consumed, which lots may have been used unreported."""
        for production in self.filtered("subcontractor_id").sudo():
            if production._med_outsourcing_order():
                production._med_note_possible()
        return super().button_mark_done()

    def _med_note_possible(self):
        order = self._med_outsourcing_order()
        lot = self.lot_producing_ids[:1].id
        told = {product for group in order._med_groups() if lot in group.made
                for product, _lot in group.used}
        silent = self.move_raw_ids.product_id.filtered(
            lambda product: product.tracking != "none" and product.id not in told)
        if not silent:
            return
        place = order.processor_id.location_id
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """
            SELECT l.id FROM stock_lot l
             WHERE l.product_id = ANY(%(products)s) AND (
                   EXISTS (SELECT FROM stock_quant q JOIN stock_location p ON p.id = q.location_id
                            WHERE q.lot_id = l.id AND q.quantity > 0
                              AND p.parent_path LIKE %(path)s)
                OR EXISTS (SELECT FROM stock_move_line m JOIN stock_location p
                                    ON p.id = m.location_id
                            WHERE m.lot_id = l.id AND m.state = 'done' AND m.date >= %(since)s
                              AND p.parent_path LIKE %(path)s))
            """, products=silent.ids, path=f"{place.parent_path}%",
            since=order.date_released or self.create_date))
        self.med_possible_lot_ids = [fields.Command.set([one for (one,) in rows])]
        order._med_ask_quality(self.env._(
            "%(lot)s: nobody reported which lots of %(products)s were used. All that the "
            "processor had are possible: %(lots)s",
            lot=self.lot_producing_ids[:1].name or self.name,
            products=", ".join(silent.mapped("display_name")),
            lots=", ".join(self.med_possible_lot_ids.sorted("id").mapped("name")[:20]) or "–"))
