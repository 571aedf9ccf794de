from odoo import fields, models

from .med_processor_scope import SCOPES


class MrpBom(models.Model):
    """What a processor does with the components: the process it has to be approved for."""

    _inherit = "mrp.bom"

    med_process = fields.Selection(
        SCOPES, "Process", required=True, default="assembly", help=(
            "What the subcontractor does. Only a processor whose file names this process, for "
            "this product, gets an order."))
    med_instructions = fields.Text("Instructions to the Processor", help=(
        "Stand in each order that is released by this bill, and stay in it as they were then."))

    def _med_guard_changed(self, vals):
        changed = super()._med_guard_changed(vals)
        for name in ("med_process", "med_instructions"):
            if name in vals:
                changed |= self.filtered(
                    lambda bom, name=name: (bom[name] or False) != (vals[name] or False))
        return changed
