from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .med_processor_scope import SCOPES

STATES = [("draft", "Draft"), ("released", "Released"), ("acknowledged", "Acknowledged"),
          ("started", "Started"), ("finished", "Finished"), ("shipped", "Shipped"),
          ("received", "Received"), ("accepted", "Accepted"), ("declined", "Declined"),
          ("cancelled", "Cancelled")]
STEPPED = {"name": "/", "state": "draft", "revision": False, "contract": False,
           "contract_digest": False, "date_released": False, "late": False}
"""What the order's own steps write, and what a new one has."""
FROZEN = {"company_id", "processor_id", "kind", "process", "product_id", "quantity", "uom_id",
          "purchase_line_id", "line_ids", "note"}
"""What a released order was released with."""
OPEN = ("released", "acknowledged", "started", "finished", "shipped")
BEGUN = ("started", "finished", "shipped")
ENDED = ("received", "accepted")


class MedOutsourcingOrder(models.Model):
    """What a processor is to do for us, to which revision, and how far it is."""

    _name = "med.outsourcing.order"
    _description = "Order to a Processor"
    _inherit = ["med.stepped.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _med_stepped = STEPPED

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict", check_company=True,
        tracking=True)
    partner_id = fields.Many2one(
        related="processor_id.partner_id", string="Organisation", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Responsible", index=True, tracking=True, default=lambda self: self.env.user,
        help="Who is told when it is late.")
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
    date_due_acknowledge = fields.Datetime("Acknowledgement Due", tracking=True, copy=False)
    date_due_start = fields.Datetime("Start Due", tracking=True, copy=False)
    date_due_finish = fields.Datetime("Finish Due", tracking=True, copy=False)
    date_due = fields.Datetime("Due Back", tracking=True, copy=False, index=True)
    note = fields.Text("Instructions", help=(
        "Part of what is ordered: they stay as they are from the release on."))
    late = fields.Boolean(readonly=True, copy=False, index=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False,
                             tracking=True, index=True)

    # ------------------------------------------------------------------ guards

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
        fixed = sorted(FROZEN & vals.keys())
        if fixed and not names:
            self.check_access("write")  # who may not write at all is told so first
            self._med_check_draft()
        return super().write(vals)

    def _med_check_draft(self):
        for order in self:
            if order.state != "draft":
                raise UserError(self.env._(
                    "%(order)s is released: what is ordered is not changed. Cancel it and order "
                    "anew.", order=order.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Orders to processors are not deleted: cancel them."))

    def copy_data(self, default=None):
        """A copy is a draft for other lots."""
        return super().copy_data({"line_ids": False, **(default or {})})

    # ------------------------------------------------------------------ steps of ours

    def action_release(self):
        """Release these orders: freeze what they are made to, and send the lots."""
        self.check_access("write")
        for order in self:
            order._med_release()
        return True

    def action_cancel(self):
        """Cancel these orders, where nothing of them is at the processor."""
        self.check_access("write")
        for order in self:
            order._med_lock()._med_cancel()
        return True

    def _med_cancel(self):
        if self.state not in ("draft", "released", "acknowledged", "declined"):
            raise UserError(self.env._(
                "%(order)s has begun at the processor: have it finished, or have the goods sent "
                "back.", order=self.name))
        if self._med_lying():
            raise UserError(self.env._(
                "%(order)s: lots are with the processor. Have them sent back first.",
                order=self.name))
        if self.kind == "make" and self.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")):
            raise UserError(self.env._(
                "%(order)s is ordered by %(document)s: cancel that.", order=self.name,
                document=self.purchase_line_id.order_id.name or ", ".join(
                    self.move_ids.picking_id.mapped("name"))))
        self.sudo().transfer_ids.filtered(
            lambda move: move.state not in ("done", "cancel"))._action_cancel()
        self._med_store({"state": "cancelled", "late": False})
        if self.date_released:
            self._med_tell_processor("cancelled", self.env._("The order is cancelled."))

    def _med_lock(self):
        """Lock these orders until the end of the transaction, and read them anew."""
        self.env.flush_all()
        self.env.execute_query(SQL(
            "SELECT id FROM med_outsourcing_order WHERE id IN %s ORDER BY id FOR UPDATE",
            tuple(self.ids) or (0,)))
        self.invalidate_recordset(flush=False)
        return self
