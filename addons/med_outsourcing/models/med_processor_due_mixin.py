from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.due import NEVER, OVERDUE, parse_steps, to_tell


class MedProcessorDueMixin(models.AbstractModel):
    """What comes due on a day: who is responsible is told in steps, then somebody above."""

    _name = "med.processor.due.mixin"
    _description = "Comes Due on a Day"

    _med_due_field = None

    med_told_step = fields.Integer(
        "Told At", default=NEVER, readonly=True, copy=False,
        help="Days before it is due at which somebody was told last.")

    def write(self, vals):
        if self._med_due_field in vals:
            vals = {**vals, "med_told_step": NEVER}  # a new day is told anew
        return super().write(vals)

    def _med_due_open(self):
        """Return those of these that somebody has to do something about."""
        return self

    def _med_due_processor(self):
        """Return the file it belongs to."""
        return self

    def _med_due_text(self, left):
        """Return what is due, in a few words."""
        return self.display_name

    @api.model
    def _med_tell_due(self, company):
        """Tell of what of a company is due; each step once.

        :return: how many were told of
        """
        steps = parse_steps(company.med_processor_notice or "90, 60, 30")
        today = fields.Date.today()
        name, told = self._med_due_field, 0
        due = self.sudo().search([
            ("company_id", "=", company.id), (name, "!=", False),
            (name, "<=", today + timedelta(days=steps[0]))])
        for record in due._med_due_open():
            left = (record[name] - today).days
            step = to_tell(left, steps, record.med_told_step)
            if step is None:
                continue
            record._med_due_processor()._med_tell(
                record._med_due_text(left), record[name], step == OVERDUE)
            record._med_store_told(step)
            told += 1
        return told

    def _med_store_told(self, step):
        # By SQL: it is no part of the record that anybody signed or follows.
        self.env.execute_query(SQL(
            "UPDATE %s SET med_told_step = %s WHERE id = %s RETURNING id",
            SQL.identifier(self._table), step, self.id))
        self.invalidate_recordset(["med_told_step"])
