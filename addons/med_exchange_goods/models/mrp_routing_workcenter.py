from odoo import models


class MrpRoutingWorkcenter(models.Model):
    """A change of an operation is a change of its bill of materials."""

    _name = "mrp.routing.workcenter"
    _inherit = ["mrp.routing.workcenter", "med.exchange.bom.part.mixin"]
