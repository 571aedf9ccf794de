from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    med_zone_ids = fields.One2many("med.zone", "location_id", "Zones", readonly=True)
    med_zone = fields.Selection(related="med_zone_ids.state", string="Zone")
