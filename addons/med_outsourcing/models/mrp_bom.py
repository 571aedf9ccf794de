from odoo import fields, models

from .med_processor_scope import SCOPES


class MrpBom(models.Model):
    """What a processor does with the components: the process it has to be approved for."""

    _inherit = "mrp.bom"

    med_process = fields.Selection(
        SCOPES, "Process", required=True, default="assembly", help=(
            "What the subcontractor does. Only a processor whose file names this process, for "
            "this product, gets an order."))

    def _med_guard_changed(self, vals):
        changed = super()._med_guard_changed(vals)
        if "med_process" in vals:
            changed |= self.filtered(lambda bom: bom.med_process != vals["med_process"])
        return changed
