from odoo import models
from odoo.exceptions import UserError

FIXED = {"active", "usage", "location_id", "company_id"}


class StockLocation(models.Model):
    """A processor's place stays where it is: a statement of its goods reads it."""

    _inherit = "stock.location"

    def write(self, vals):
        if FIXED & vals.keys():
            for file in self.env["med.processor"].sudo().search(
                    [("location_id", "in", self.ids)]):
                place = file.location_id
                for name in FIXED & vals.keys():
                    old = place[name].id if name in ("location_id", "company_id") else place[name]
                    if old != vals[name]:
                        raise UserError(self.env._(
                            "%(place)s is the place of the processor “%(name)s” and stays as it "
                            "is.", place=place.display_name, name=file.display_name))
        return super().write(vals)
