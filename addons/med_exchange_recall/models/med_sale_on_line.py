from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedSaleOnLine(models.Model):
    """One lot of an onward sale. A newer report supersedes the lines of the one before."""

    _name = "med.sale.on.line"
    _description = "Goods Sold On"
    _inherit = ["med.kept.row.mixin"]
    _order = "sale_id desc, id"
    _rec_name = "lot_id"
    _med_refusals = {
        "create": _lt("An onward sale is reported by the dealer."),
        "write": _lt("What a dealer reported is not changed."),
        "unlink": _lt("What a dealer reported is kept."),
    }
    _med_follows = {"company_id", "partner_id", "moment", "buyer_name", "product_id",
                    "signed_quantity"}

    sale_id = fields.Many2one("med.sale.on", "Onward Sale", required=True, readonly=True,
                              index=True, ondelete="restrict")
    company_id = fields.Many2one(related="sale_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="sale_id.partner_id", store=True, index=True)
    kind = fields.Selection(related="sale_id.kind")
    moment = fields.Datetime(related="sale_id.moment", store=True)
    buyer_name = fields.Char(related="sale_id.buyer_name", store=True)
    buyer_email = fields.Char(related="sale_id.buyer_email")
    buyer_phone = fields.Char(related="sale_id.buyer_phone")
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", required=True, readonly=True, index=True,
                             ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    uom_id = fields.Many2one(related="lot_id.product_uom_id", string="Unit")
    quantity = fields.Float(digits="Product Unit", readonly=True, required=True)
    device_identifier = fields.Char("UDI-DI", readonly=True, index="btree_not_null",
                                    help="On the package that changed hands, as reported.")
    signed_quantity = fields.Float("Balance", compute="_compute_signed", store=True,
                                   digits="Product Unit", help="What was taken back is negative.")
    still = fields.Boolean("Still There", compute="_compute_still", help=(
        "By what was sold and taken back, the buyer has some of the lot."))
    excess = fields.Boolean("More Than He Got", readonly=True, index=True, help=(
        "When it was reported, he had sold more of the lot than was delivered to him."))
    active = fields.Boolean(default=True, readonly=True, help="Not: a newer report counts.")

    @api.depends("quantity", "sale_id.kind")
    def _compute_signed(self):
        for line in self:
            line.signed_quantity = -line.quantity if line.sale_id.kind == "return" else (
                line.quantity)

    def _compute_still(self):
        sums = {}
        for line in self.search([("lot_id", "in", self.lot_id.ids),
                                 ("sale_id.state", "=", "reported")]):
            sums[line._med_key()] = sums.get(line._med_key(), 0.0) + line.signed_quantity
        for line in self:
            line.still = line.uom_id.compare(sums.get(line._med_key(), 0.0), 0) > 0

    def _med_key(self):
        """Return who has which lot from whom: a buyer is known by his code, else by his name."""
        sale = self.sale_id
        return (self.company_id.id, sale.partner_id.id, self.lot_id.id,
                sale.buyer_code or sale.buyer_name)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, "active": True} for vals in vals_list])

    def _med_supersede(self):
        if self:
            with permit(self._name, self.ids, ("active",)):
                self.sudo().write({"active": False})
