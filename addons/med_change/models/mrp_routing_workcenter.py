from odoo import models


class MrpRoutingWorkcenter(models.Model):
    """An operation changes with its bill of materials."""

    _name = "mrp.routing.workcenter"
    _inherit = ["mrp.routing.workcenter", "med.change.bom.part.mixin"]
