from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError


class MedReleaseLine(models.Model):
    """How much of a lot was released by the maker. Written by the release alone."""

    _name = "med.release.line"
    _description = "Released Lot"
    _order = "release_id desc, id"
    _rec_name = "lot_id"

    release_id = fields.Many2one("med.release", required=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", required=True, index=True, ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id")
    quantity = fields.Float(digits="Product Unit")
    uom_id = fields.Many2one(related="lot_id.product_id.uom_id", string="Unit")
    expiration_date = fields.Datetime(related="lot_id.expiration_date")
    condition = fields.Char(related="lot_id.med_condition")
    company_id = fields.Many2one(related="release_id.company_id")

    _lot_uniq = models.Constraint(
        "UNIQUE (release_id, lot_id)", "The release has this lot already.")

    @api.model_create_multi
    def create(self, vals_list):
        releases = {vals.get("release_id") for vals in vals_list}
        if vals_list and (len(releases) != 1 or not take(self._name, (), releases.pop())):
            self._med_refuse()
        return super().create(vals_list)

    def write(self, vals):
        self._med_refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_withdrawn(self):
        if not take(self._name, self.ids, self.release_id[:1].id):
            self._med_refuse()

    def _med_refuse(self):
        raise AccessError(self.env._("The lots of a release are those that its order made."))
