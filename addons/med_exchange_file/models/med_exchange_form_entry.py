from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class MedExchangeFormEntry(models.Model):
    """One line of a downtime form, as it is typed from the paper."""

    _name = "med.exchange.form.entry"
    _description = "Entry of a Downtime Form"
    _order = "form_id, number, id"
    _rec_name = "number"

    form_id = fields.Many2one("med.exchange.form", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="form_id.company_id", store=True, index=True)
    form_state = fields.Selection(related="form_id.state")
    number = fields.Integer("Line", readonly=True, aggregator=False)
    event_time = fields.Datetime("When It Happened", required=True,
                                 default=fields.Datetime.now)
    create_date = fields.Datetime("Entered", readonly=True)
    create_uid = fields.Many2one("res.users", "Entered By", readonly=True)
    written_by = fields.Char("Written on Paper By", help="Whose name stands on the line.")
    value_ids = fields.One2many("med.exchange.form.value", "entry_id", "Values")
    summary = fields.Char(compute="_compute_summary")

    @api.depends("value_ids.value")
    def _compute_summary(self):
        for entry in self:
            entry.summary = " · ".join(one.value for one in entry.value_ids if one.value)

    @api.constrains("event_time")
    def _check_event_time(self):
        for entry in self:
            if entry.event_time > fields.Datetime.now():
                raise ValidationError(self.env._("“When It Happened” is in the future."))

    @api.model_create_multi
    def create(self, vals_list):
        forms = self.env["med.exchange.form"].browse(
            [vals["form_id"] for vals in vals_list if vals.get("form_id")])
        self._med_check_open(forms)
        last = {form.id: max(form.entry_ids.mapped("number"), default=0) for form in forms}
        rows = []
        for vals in vals_list:
            form = self.env["med.exchange.form"].browse(vals.get("form_id"))
            last[form.id] = last.get(form.id, 0) + 1
            asked = [Command.create({"heading": one["heading"], "hint": one["hint"],
                                     "required": one["required"]})
                     for one in form._med_columns()] if form else []
            rows.append({**vals, "number": last[form.id],
                         "value_ids": vals.get("value_ids") or asked})
        return super().create(rows)

    def write(self, vals):
        self._med_check_open(self.form_id)
        if vals.keys() & {"form_id", "number"}:
            raise UserError(self.env._("An entry stays on its form."))
        return super().write(vals)

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_check_open(self.form_id)
        return super().unlink()

    def _med_check_open(self, forms):
        if closed := forms.filtered(lambda one: one.state not in ("blank", "printed")):
            raise UserError(self.env._(
                "Form %s was entered or is void: nothing is added to it.", closed[0].name))

    def action_close(self):
        return {"type": "ir.actions.act_window_close"}

    def _med_cell(self, heading):
        return next((one.value or "" for one in self.value_ids if one.heading == heading), "")

    def _med_happened(self):
        """Return when it happened as a mapping with any format of times reads it."""
        return self.event_time.strftime("%Y-%m-%dT%H:%M:%SZ")
