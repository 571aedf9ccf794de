from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

FIXED = {"proof_id", "company_id", "product_id", "lot_id", "delivered"}


class MedDeliveryProofLine(models.Model):
    """One lot of a delivery, and how much of it was taken."""

    _name = "med.delivery.proof.line"
    _description = "Goods of a Proof of Delivery"
    _inherit = ["med.signed.line.mixin"]
    _order = "proof_id desc, id"
    _rec_name = "product_id"
    _med_parent = "proof_id"

    proof_id = fields.Many2one("med.delivery.proof", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="proof_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", readonly=True, index="btree_not_null",
                             ondelete="restrict")
    uom_id = fields.Many2one(related="product_id.uom_id")
    delivered = fields.Float(readonly=True, digits="Product Unit")
    received = fields.Float(digits="Product Unit")
    refused = fields.Float(digits="Product Unit")
    missing = fields.Float(compute="_compute_missing", digits="Product Unit",
                           help="Neither received nor refused.")
    reason = fields.Selection([
        ("damaged", "Damaged"), ("temperature", "Temperature"), ("expiry", "Shelf life"),
        ("wrong", "Not what was ordered"), ("label", "Label or papers"), ("missing", "Missing"),
        ("other", "Other")], help="Needed where not all was received.")
    note = fields.Char("Remark")

    @api.depends("delivered", "received", "refused")
    def _compute_missing(self):
        for line in self:
            line.missing = line.delivered - line.received - line.refused

    @api.onchange("refused")
    def _onchange_refused(self):
        self.received = self.delivered - self.refused

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A proof of delivery lists what was delivered."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and FIXED & vals.keys():
            raise AccessError(self.env._("A proof of delivery lists what was delivered."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Proofs of delivery are not deleted: void them."))

    def _med_key_sums(self, name):
        """Return (product id, lot id or 0) → sum of a quantity."""
        sums = defaultdict(float)
        for line in self:
            sums[line.product_id.id, line.lot_id.id or 0] += round(line[name], 6)
        return dict(sums)

    def _med_check(self):
        """Raise, in one sentence, where quantities or reasons do not fit."""
        for line in self:
            what = line.lot_id.name or line.product_id.display_name
            compare = line.uom_id.compare
            if compare(line.received, 0) < 0 or compare(line.refused, 0) < 0 or (
                    compare(line.received + line.refused, line.delivered) > 0):
                raise UserError(self.env._(
                    "%(what)s: received and refused must add up to %(delivered)s at most.",
                    what=what, delivered=f"{line.delivered:g}"))
            if compare(line.received, line.delivered) < 0 and not line.reason:
                raise UserError(self.env._("%s: say why not all was received.", what))
            if line.product_id.tracking == "serial" and line.refused not in (0, 1):
                raise UserError(self.env._("%s is one unit.", what))
