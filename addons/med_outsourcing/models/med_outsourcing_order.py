from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

from .med_processor_scope import SCOPES

STATES = [("draft", "Draft"), ("released", "Released"), ("acknowledged", "Acknowledged"),
          ("started", "Started"), ("finished", "Finished"), ("shipped", "Shipped"),
          ("received", "Received"), ("accepted", "Accepted"), ("declined", "Declined"),
          ("cancelled", "Cancelled")]
STEPPED = {"name": "/", "state": "draft", "revision": False, "contract": False,
           "contract_digest": False, "date_released": False}
"""What the order's own steps write, and what a new one has."""


class MedOutsourcingOrder(models.Model):
    """What a processor is to do for us, to which revision, and how far it is."""

    _name = "med.outsourcing.order"
    _description = "Order to a Processor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict", check_company=True,
        tracking=True)
    partner_id = fields.Many2one(
        related="processor_id.partner_id", string="Organisation", store=True, index=True)
    kind = fields.Selection(
        [("make", "Making from Our Material"), ("process", "Processing of Our Lots")],
        required=True, default="process")
    process = fields.Selection(SCOPES, required=True, tracking=True)
    product_id = fields.Many2one("product.product", index=True, check_company=True)
    quantity = fields.Float(digits="Product Unit")
    uom_id = fields.Many2one("uom.uom", "Unit")
    purchase_line_id = fields.Many2one(
        "purchase.order.line", "Purchase", index="btree_not_null", ondelete="restrict",
        copy=False)
    move_ids = fields.One2many("stock.move", "med_outsourcing_order_id", "Transfers")
    line_ids = fields.One2many("med.outsourcing.lot", "order_id", "Lots")
    event_ids = fields.One2many("med.outsourcing.event", "order_id", "Events", readonly=True)
    revision = fields.Char(readonly=True, copy=False, index=True)
    contract = fields.Json("As Ordered", readonly=True, copy=False)
    contract_digest = fields.Char("SHA-256 of the Order", readonly=True, copy=False)
    date_released = fields.Datetime("Released", readonly=True, copy=False)
    date_due = fields.Datetime("Due Back", tracking=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False,
                             tracking=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{
            **vals, **STEPPED,
            "name": self.env["ir.sequence"].sudo().next_by_code("med.outsourcing.order") or "/",
        } for vals in vals_list])

    def write(self, vals):
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._(
                "Number, revision and state of an order follow from its steps."))
        return super().write(vals)

    def _med_store(self, vals):
        """Write what follows from steps."""
        with permit(self._name, self.ids, tuple(sorted(STEPPED.keys() & vals.keys()))):
            self.sudo().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Orders to processors are not deleted: cancel them."))
