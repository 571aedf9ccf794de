from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class MedAuditExport(models.TransientModel):
    """Ask for a copy of the trail: of a record, of a period, or of both."""

    _name = "med.audit.export"
    _description = "Copy of the Audit Trail"

    model = fields.Selection(
        lambda self: self.env["med.audit.entry"]._audited_selection(), string="Kind of Record",
        help="Empty: all records.",
    )
    res_id = fields.Many2oneReference("Record", model_field="model")
    date_from = fields.Datetime(
        "From", default=lambda self: fields.Datetime.now() - timedelta(days=30),
    )
    date_to = fields.Datetime("Until")
    form = fields.Selection(
        [("set", "Everything for the inspector"), ("pdf", "PDF, for reading"),
         ("csv", "CSV, for a spreadsheet"), ("zip", "JSON with proof, for verification")],
        required=True, default="set",
    )
    count = fields.Char("Entries", compute="_compute_count")

    @api.depends("model", "res_id", "date_from", "date_to")
    def _compute_count(self):
        for wizard in self:
            domain = []
            if wizard.model:
                domain.append(("model", "=", wizard.model))
            if wizard.model and wizard.res_id:
                domain.append(("res_id", "=", wizard.res_id))
            if wizard.date_from:
                domain.append(("at", ">=", wizard.date_from))
            if wizard.date_to:
                domain.append(("at", "<", wizard.date_to))
            wizard.count = str(self.env["med.audit.entry"].search_count(domain))

    def action_export(self):
        """Have the browser fetch the copy."""
        self.ensure_one()
        self.env["med.audit.entry"].check_access("read")
        if self.model and not self.res_id:
            raise UserError(self.env._("Choose the record too, or leave its kind empty."))
        return {
            "type": "ir.actions.client", "tag": "med_audit.download",
            "params": {"form": self.form, "model": self.model or "", "res_id": self.res_id or 0,
                       "date_from": self.date_from and f"{self.date_from}" or "",
                       "date_to": self.date_to and f"{self.date_to}" or ""},
        }
