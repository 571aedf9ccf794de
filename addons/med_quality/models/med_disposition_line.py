from odoo import api, fields, models

from .stock_lot import STATUSES


class MedDispositionLine(models.Model):
    """What is decided about one lot."""

    _name = "med.disposition.line"
    _description = "Decision About a Lot"
    _inherit = ["med.signed.line.mixin"]
    _order = "disposition_id desc, id"
    _rec_name = "lot_id"
    _med_parent = "disposition_id"

    disposition_id = fields.Many2one(
        "med.disposition", required=True, index=True, ondelete="cascade")
    lot_id = fields.Many2one(
        "stock.lot", required=True, index=True, ondelete="restrict",
        domain=[("product_id.med_controlled", "=", True)])
    product_id = fields.Many2one(related="lot_id.product_id")
    company_id = fields.Many2one(related="disposition_id.company_id", store=True, index=True)
    condition = fields.Char(related="lot_id.med_condition")
    status_from = fields.Selection(
        STATUSES, string="From", compute="_compute_status_from", store=True, precompute=True,
        help="The status of the lot when it was listed.")
    status = fields.Selection(STATUSES, string="To")
    quantity = fields.Float("On Hand", related="lot_id.product_qty")
    note = fields.Char("Remark")
    state = fields.Selection(related="disposition_id.state")

    _lot_uniq = models.Constraint(
        "UNIQUE (disposition_id, lot_id)", "The decision has this lot already.")

    @api.depends("lot_id")
    def _compute_status_from(self):
        for line in self:
            line.status_from = line.lot_id.med_status

    def _check_release(self):
        """Refuse a release by raising UserError. For addons: inspections, labels, deviations."""
