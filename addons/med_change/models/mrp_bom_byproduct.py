from odoo import models


class MrpBomByproduct(models.Model):
    """A by-product changes with its bill of materials."""

    _name = "mrp.bom.byproduct"
    _inherit = ["mrp.bom.byproduct", "med.change.bom.part.mixin"]
