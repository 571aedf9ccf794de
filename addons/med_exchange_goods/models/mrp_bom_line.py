from odoo import models


class MrpBomLine(models.Model):
    """A change of a line is a change of its bill of materials."""

    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "med.exchange.bom.part.mixin"]
