from odoo import api, fields, models
from odoo.tools import SQL


class MedOutsourcingStock(models.Model):
    """What is at each processor now, lot by lot, and since when."""

    _name = "med.outsourcing.stock"
    _description = "Stock at a Processor"
    _auto = False
    _order = "since, id"
    _rec_name = "lot_id"

    processor_id = fields.Many2one("med.processor", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    location_id = fields.Many2one("stock.location", "Place", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    reserved = fields.Float(digits="Product Unit", readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    since = fields.Datetime(
        "There Since", readonly=True,
        help="When the oldest of it came: what came first is taken to have left first.")
    days = fields.Integer("Days There", compute="_compute_days")
    held = fields.Boolean(readonly=True)
    med_status = fields.Selection(related="lot_id.med_status", string="Lot Status")
    expiration_date = fields.Datetime(readonly=True)

    def _compute_days(self):
        now = fields.Datetime.now()
        for row in self:
            row.days = (now - row.since).days if row.since else 0

    @api.model
    def _search(self, *args, **kwargs):
        # The query reads tables of other models: what is still in the cache must be there.
        self.env.flush_all()
        return super()._search(*args, **kwargs)

    @property
    def _table_query(self):
        return SQL("""
            WITH place AS (
                SELECT l.id, p.id AS processor_id, p.company_id
                  FROM med_processor p
                  JOIN stock_location root ON root.id = p.location_id
                  JOIN stock_location l ON l.parent_path LIKE root.parent_path || '%%'
            ), held AS (
                SELECT min(q.id) AS id, q.location_id, place.processor_id, place.company_id,
                       q.product_id, q.lot_id, sum(q.quantity) AS quantity,
                       sum(q.reserved_quantity) AS reserved, min(q.in_date) AS in_date
                  FROM stock_quant q JOIN place ON place.id = q.location_id
              GROUP BY q.location_id, place.processor_id, place.company_id, q.product_id, q.lot_id
                HAVING sum(q.quantity) <> 0
            ), come AS (
                SELECT h.id, l.date, h.quantity,
                       sum(l.quantity_product_uom) OVER (
                           PARTITION BY h.id ORDER BY l.date DESC, l.id DESC)
                       - l.quantity_product_uom AS later
                  FROM held h
                  JOIN stock_move_line l ON l.location_dest_id = h.location_id
                   AND l.location_id <> h.location_id AND l.state = 'done'
                   AND l.product_id = h.product_id AND l.lot_id IS NOT DISTINCT FROM h.lot_id
            ), since AS (
                SELECT id, min(date) AS date FROM come WHERE later < quantity GROUP BY id
            )
            SELECT h.id, h.processor_id, h.company_id, h.location_id, h.product_id, h.lot_id,
                   h.quantity, h.reserved, COALESCE(s.date, h.in_date) AS since,
                   COALESCE(lot.med_hold_count, 0) > 0 AS held, lot.expiration_date
              FROM held h
         LEFT JOIN since s ON s.id = h.id
         LEFT JOIN stock_lot lot ON lot.id = h.lot_id""")

    def action_open_lot(self):
        """Open the lot."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "stock.lot",
                "res_id": self.lot_id.id, "views": [(False, "form")]}
