from odoo import api, fields, models
from odoo.fields import Command


class MedRecallWizard(models.TransientModel):
    """From a nonconformity: its lots are meant, and it is named in the recall."""

    _inherit = "med.recall.wizard"

    nonconformity_ids = fields.Many2many("med.nonconformity", string="Nonconformities")

    @api.model
    def _med_lot_paths(self):
        return {**super()._med_lot_paths(), "med.nonconformity": "line_ids.lot_id.id"}

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "med.nonconformity":
            cases = self.env["med.nonconformity"].browse(self.env.context.get("active_ids") or [])
            values |= {"origin": "nonconformity", "summary": cases[:1].summary,
                       "nonconformity_ids": [Command.set(cases.ids)]}
        return values

    def _open(self, record):
        self.nonconformity_ids.check_access("read")
        if self.nonconformity_ids:
            # Whoever reports a suspicion does not write the recall.
            record.sudo().nonconformity_ids = [Command.set(self.nonconformity_ids.ids)]
        return super()._open(record)
