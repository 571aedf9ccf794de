from odoo import fields, models

SIDES = [("ours", "Our Side"), ("theirs", "Their Side")]


class MedExchangeMessageDecideLine(models.TransientModel):
    """One field in which both sides differ."""

    _name = "med.exchange.message.decide.line"
    _description = "Field of a Conflict"

    wizard_id = fields.Many2one("med.exchange.message.decide", required=True, ondelete="cascade",
                                index=True)
    label = fields.Char("Field", readonly=True)
    pointer = fields.Char("Path", readonly=True)
    ours = fields.Char("Our Side", readonly=True)
    theirs = fields.Char("Their Side", readonly=True)
    choice = fields.Selection(SIDES)
