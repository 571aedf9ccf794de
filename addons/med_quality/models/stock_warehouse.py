from odoo import fields, models
from odoo.tools import SQL

NEAR_DAYS = 90
# What is counted, and the filters that show it.
COUNTS = ("quarantine", "held", "rejected", "near", "expired", "misplaced")


class StockWarehouse(models.Model):
    """One page a warehouse: what is in quarantine, held, rejected, near expiry, out of place."""

    _inherit = "stock.warehouse"

    med_zone_ids = fields.One2many("med.zone", "warehouse_id", "Zones")
    med_quarantine_count = fields.Integer("In Quarantine", compute="_compute_med_counts")
    med_held_count = fields.Integer("Held", compute="_compute_med_counts")
    med_rejected_count = fields.Integer("Rejected", compute="_compute_med_counts")
    med_near_count = fields.Integer("Expire Within 90 Days", compute="_compute_med_counts")
    med_expired_count = fields.Integer("Expired", compute="_compute_med_counts")
    med_misplaced_count = fields.Integer("Not in Its Zone", compute="_compute_med_counts")
    med_oldest_days = fields.Integer(
        "Longest in Quarantine (Days)", compute="_compute_med_counts")

    def _compute_med_counts(self):
        """Count lots of controlled products on hand, all warehouses in one query."""
        self.env.flush_all()
        rows = {row["warehouse"]: row for row in self.env.execute_query_dict(SQL("""
            WITH held AS (
                SELECT l.warehouse_id AS warehouse, q.lot_id, min(q.in_date) AS since,
                       bool_or(q.location_id IS DISTINCT FROM z.location_id
                               AND l.parent_path NOT LIKE p.parent_path || '%%') AS misplaced
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id AND l.usage = 'internal'
                  JOIN stock_lot s ON s.id = q.lot_id
             LEFT JOIN med_zone z ON z.warehouse_id = l.warehouse_id AND z.state = CASE
                       WHEN s.med_status IN ('released', 'rejected') THEN s.med_status
                       ELSE 'quarantine' END
             LEFT JOIN stock_location p ON p.id = z.location_id
                 WHERE q.quantity > 0 AND l.warehouse_id IN %(ids)s
              GROUP BY 1, 2
            )
            SELECT h.warehouse,
                   count(*) FILTER (WHERE coalesce(s.med_status, 'quarantine') = 'quarantine')
                       AS quarantine,
                   count(*) FILTER (WHERE s.med_hold_count > 0) AS held,
                   count(*) FILTER (WHERE s.med_status = 'rejected') AS rejected,
                   count(*) FILTER (WHERE s.expiration_date >= %(now)s
                       AND s.expiration_date < %(now)s + make_interval(days => %(days)s)) AS near,
                   count(*) FILTER (WHERE s.expiration_date < %(now)s) AS expired,
                   count(*) FILTER (WHERE h.misplaced) AS misplaced,
                   coalesce(max(extract(day FROM %(now)s - h.since)) FILTER (
                       WHERE coalesce(s.med_status, 'quarantine') = 'quarantine'), 0)::int AS oldest
              FROM held h
              JOIN stock_lot s ON s.id = h.lot_id
              JOIN product_product v ON v.id = s.product_id
              JOIN product_template t ON t.id = v.product_tmpl_id AND t.med_controlled
          GROUP BY h.warehouse""", ids=tuple(self.ids) or (0,), now=fields.Datetime.now(),
            days=NEAR_DAYS))}
        for warehouse in self:
            row = rows.get(warehouse.id, {})
            for name in COUNTS:
                warehouse[f"med_{name}_count"] = row.get(name, 0)
            warehouse.med_oldest_days = row.get("oldest", 0)

    def action_med_stock(self):
        """Open the stock of this warehouse, with the filter that the button names."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "med_quality.med_stock_by_status_action")
        name = self.env.context.get("med_filter")
        return {**action, "display_name": self.name,
                "domain": [("product_id.med_controlled", "=", True), ("quantity", ">", 0),
                           ("location_id.usage", "=", "internal"),
                           ("location_id.warehouse_id", "=", self.id)],
                "context": {f"search_default_{name}": 1} if name in COUNTS else {
                    "search_default_group_status": 1}}
