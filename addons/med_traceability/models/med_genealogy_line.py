from odoo import fields, models

from .med_genealogy_event import KINDS


class MedGenealogyLine(models.Model):
    """What one done move line put into an event, or took out of it.

    A node of the graph is a lot (``node = lot_id``) or, for untracked stock, one inflow of a pool
    (``node = -id`` of the line that came in). A pool is all stock of a product; what
    is still there when more comes in carries over (``carry_node``), so that untracked stock is
    crossed, and a pool that ran empty cuts the chain (see `med.genealogy._pool`).

    A line that was edited after posting is superseded (``active = False``), never erased.
    """

    _name = 'med.genealogy.line'
    _description = 'Genealogy Line'
    _order = 'id'

    event_id = fields.Many2one('med.genealogy.event', required=True, readonly=True, index=True,
                               ondelete='cascade')
    kind = fields.Selection(KINDS, required=True, readonly=True)
    side = fields.Selection(
        [('in', "Into the event"), ('out', "Out of the event")], required=True, readonly=True)
    active = fields.Boolean("In Force", default=True, readonly=True)
    superseded_date = fields.Datetime(readonly=True)
    superseded_uid = fields.Many2one('res.users', "Superseded By", readonly=True)
    date = fields.Datetime("Event Time", required=True, readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    product_id = fields.Many2one('product.product', required=True, readonly=True, index=True,
                                 ondelete='cascade')
    lot_id = fields.Many2one('stock.lot', "Lot/Serial", readonly=True, index='btree_not_null',
                             ondelete='set null')
    quantity = fields.Float(digits=(20, 6), readonly=True,
                            help="In the unit of the product. 0 for a unit under repair, which "
                                 "stays what it was.")
    uom_id = fields.Many2one(related='product_id.uom_id')
    move_line_id = fields.Many2one('stock.move.line', readonly=True, index='btree_not_null',
                                   ondelete='set null')
    transform = fields.Boolean(readonly=True, help="The walk crosses this line's event.")
    certain = fields.Boolean(
        readonly=True,
        help="The whole event had one output, or this is its only lot of the product: what came "
             "out surely holds it.")
    linked = fields.Boolean(readonly=True, help="Somebody recorded parts in this event.")
    open = fields.Boolean(
        default=True, readonly=True, help="Not all of it was recorded into some unit.")
    node = fields.Integer(readonly=True)
    carry_node = fields.Integer(readonly=True)
    pool_balance = fields.Float(digits=(20, 6), readonly=True,
                                help="What the pool held after this inflow.")
    pool_shipped = fields.Boolean(
        readonly=True, help="Some of the pool was shipped before this inflow, and may come back.")

    _forward = models.Index("(node) WHERE side = 'in' AND transform AND active")
    _backward = models.Index("(node) WHERE side = 'out' AND transform AND active")
    _parties = models.Index(
        "(node) WHERE active AND kind IN ('delivery', 'return', 'receipt', 'vendor_return')")
    _carry = models.Index("(carry_node) WHERE carry_node IS NOT NULL AND active")
    _outflow = models.Index("(node) WHERE lot_id IS NULL AND side = 'in' AND active")
    _overdrawn = models.Index(
        "(product_id) WHERE lot_id IS NULL AND node IS NULL AND side = 'in' AND active")
    _pool = models.Index("(product_id, node) WHERE lot_id IS NULL AND side = 'out' AND active")

    def init(self):
        """Add the array of products whose recording is complete for this output."""
        self.env.cr.execute(
            "ALTER TABLE med_genealogy_line ADD COLUMN IF NOT EXISTS closed_product_ids int[]")
