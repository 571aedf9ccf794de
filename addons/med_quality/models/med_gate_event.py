from odoo import api, fields, models
from odoo.exceptions import UserError

from .med_gate import GATE_USES, MODES


class MedGateEvent(models.Model):
    """What a gate that is not closed let through: what enforcing would have stopped."""

    _name = "med.gate.event"
    _description = "Let Through by a Gate"
    _order = "id desc"
    _rec_name = "lot_id"

    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    lot_id = fields.Many2one("stock.lot", required=True, index=True, ondelete="cascade")
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    move_line_id = fields.Many2one("stock.move.line", index="btree_not_null", ondelete="set null")
    picking_id = fields.Many2one("stock.picking", index="btree_not_null", ondelete="set null")
    warehouse_id = fields.Many2one("stock.warehouse", ondelete="set null")
    use = fields.Selection(GATE_USES, required=True)
    states = fields.Char("Because Of", required=True)
    mode = fields.Selection(MODES, required=True)
    quantity = fields.Float(digits="Product Unit")
    user_id = fields.Many2one("res.users", "Person", default=lambda self: self.env.uid)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a gate let through stays listed."))
