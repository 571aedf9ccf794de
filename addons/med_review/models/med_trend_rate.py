from odoo import fields, models
from odoo.tools import SQL


class MedTrendRate(models.Model):
    """A lot that came in or was made, or a nonconformity that was reported: what a rate needs.

    Rate = nonconformities reported ÷ lots and serials received or made × 100, of whatever the
    rows are grouped by. A lot counts once, when it first came.
    """

    _name = "med.trend.rate"
    _description = "Rate of Nonconformities"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "nonconformity_id"
    _depends = {
        "med.nonconformity": ["reported_at", "company_id", "product_id", "partner_id", "state"],
        "med.genealogy.line": ["date", "company_id", "product_id", "lot_id", "kind", "side",
                               "active", "event_id"],
        "med.genealogy.event": ["partner_id"],
    }

    date = fields.Datetime(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", "Product", readonly=True)
    partner_id = fields.Many2one("res.partner", "Supplier", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial", readonly=True)
    nonconformity_id = fields.Many2one("med.nonconformity", readonly=True)
    lots = fields.Integer("Lots Received or Made", readonly=True)
    nonconformities = fields.Integer("Nonconformities Reported", readonly=True)
    rate = fields.Float(
        "Nonconformities per 100 Lots", digits=(16, 1), readonly=True, aggregator="avg", help=(
            "Nonconformities reported ÷ lots and serials received or made × 100."))

    @property
    def _table_query(self):
        lots_in = SQL("active AND side = 'out' AND lot_id IS NOT NULL "
                      "AND kind IN ('receipt', 'manufacture', 'subcontract')")
        return SQL("""
            SELECT l.id::bigint * 2 AS id, l.date, l.company_id, l.product_id, e.partner_id,
                   l.lot_id, NULL::int AS nonconformity_id, 1 AS lots, 0 AS nonconformities,
                   NULL::float AS rate
              FROM (SELECT id, date, company_id, product_id, lot_id, event_id
                      FROM med_genealogy_line WHERE %(lots_in)s) l
              JOIN med_genealogy_event e ON e.id = l.event_id
             WHERE NOT EXISTS (
                   SELECT FROM (SELECT id, date, lot_id FROM med_genealogy_line
                                 WHERE %(lots_in)s) o
                    WHERE o.lot_id = l.lot_id AND (o.date, o.id) < (l.date, l.id))
         UNION ALL
            SELECT n.id::bigint * 2 + 1, n.reported_at, n.company_id, n.product_id, n.partner_id,
                   NULL, n.id, 0, 1, NULL
              FROM med_nonconformity n WHERE n.state <> 'cancelled'""", lots_in=lots_in)

    def _read_group_select(self, aggregate_spec, query):
        """Make the rate of a group that of its sums, not a mean of rates."""
        if aggregate_spec != "rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)",
                   self._field_to_sql(self._table, "nonconformities", query),
                   self._field_to_sql(self._table, "lots", query))
