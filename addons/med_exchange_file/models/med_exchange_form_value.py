from odoo import api, fields, models
from odoo.exceptions import UserError


class MedExchangeFormValue(models.Model):
    """What one cell of a downtime form says."""

    _name = "med.exchange.form.value"
    _description = "Value on a Downtime Form"
    _order = "entry_id, id"
    _rec_name = "heading"

    entry_id = fields.Many2one("med.exchange.form.entry", required=True, index=True,
                               ondelete="cascade")
    company_id = fields.Many2one(related="entry_id.company_id", store=True, index=True)
    heading = fields.Char("Column", required=True, readonly=True)
    hint = fields.Char("Allowed", readonly=True)
    required = fields.Boolean(readonly=True)
    value = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        entries = self.env["med.exchange.form.entry"].browse(
            [vals["entry_id"] for vals in vals_list if vals.get("entry_id")])
        entries._med_check_open(entries.form_id)
        return super().create(vals_list)

    def write(self, vals):
        self.entry_id._med_check_open(self.entry_id.form_id)
        if vals.keys() & {"entry_id", "heading"}:
            raise UserError(self.env._("A value stays in its column."))
        return super().write(vals)

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self.entry_id._med_check_open(self.entry_id.form_id)
        return super().unlink()
