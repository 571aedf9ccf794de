from odoo import fields, models


class MedExchangeProfile(models.Model):
    """A kind of system and what one of its kind sends and hears: where a new partner begins."""

    _name = "med.exchange.profile"
    _description = "Kind of Exchange System"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    note = fields.Text("What to Mind", translate=True)
    line_ids = fields.One2many("med.exchange.profile.line", "profile_id", "Sends and Hears",
                               copy=True)
