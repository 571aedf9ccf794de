from odoo import models


class MrpBomLine(models.Model):
    """A component changes with its bill of materials."""

    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "med.change.bom.part.mixin"]
