from odoo import api, fields, models

from ..models.med_hold import SOURCES


class MedLotSplit(models.TransientModel):
    """A part of a lot gets a number of its own, and is held if that is what it is for."""

    _name = "med.lot.split"
    _description = "Split or Hold a Part"

    lot_id = fields.Many2one("stock.lot", "Lot", required=True, readonly=True)
    product_id = fields.Many2one(related="lot_id.product_id")
    condition = fields.Char(related="lot_id.med_condition")
    place_ids = fields.Many2many("stock.location", string="Places", compute="_compute_place_ids")
    location_id = fields.Many2one(
        "stock.location", "Place", domain="[('id', 'in', place_ids)]",
        compute="_compute_location_id", store=True, readonly=False)
    on_hand = fields.Float("On Hand", compute="_compute_on_hand", digits="Product Unit")
    uom_id = fields.Many2one(related="lot_id.product_id.uom_id")
    quantity = fields.Float("Part", required=True, digits="Product Unit")
    name = fields.Char("New Number", help="Left empty: the number with the next free ending.")
    hold = fields.Boolean("Hold the Part", default=True)
    source = fields.Selection(SOURCES, default="precaution")
    reason = fields.Char(required=True)
    owner_id = fields.Many2one(
        "res.users", "Owner", default=lambda self: self.env.user, domain=[("share", "=", False)],
        help="Who sees to it that it is decided.")

    @api.depends("lot_id")
    def _compute_place_ids(self):
        for wizard in self:
            wizard.place_ids = wizard.lot_id._origin.sudo().quant_ids.filtered(
                lambda quant: quant.quantity > 0 and quant.location_id.usage == "internal"
                and quant.company_id in self.env.companies).location_id

    @api.depends("lot_id")
    def _compute_location_id(self):
        for wizard in self:
            if wizard.location_id not in wizard.place_ids:
                wizard.location_id = wizard.place_ids._origin[:1]

    @api.depends("lot_id", "location_id")
    def _compute_on_hand(self):
        for wizard in self:
            wizard.on_hand = sum(wizard.lot_id.sudo().quant_ids.filtered(
                lambda quant, place=wizard.location_id: quant.location_id == place
            ).mapped("quantity"))

    def action_split(self):
        """Split, and open the new lot."""
        told = self.lot_id.med_split(
            quantity=self.quantity, name=self.name or "", location=self.location_id.id,
            reason=self.reason, hold=self.hold, source=self.source or "precaution",
            owner=self.owner_id.id)
        return {"type": "ir.actions.act_window", "res_model": "stock.lot", "view_mode": "form",
                "res_id": told["lot"]}
