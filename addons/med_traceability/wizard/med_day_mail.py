from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class MedDayMail(models.TransientModel):
    """Send the daily report of production, as paper and as a workbook."""

    _name = 'med.day.mail'
    _description = 'Send the Daily Report'

    day = fields.Char(required=True, readonly=True)
    time_from = fields.Char(required=True, readonly=True, default='00:00')
    time_to = fields.Char(required=True, readonly=True, default='24:00')
    partner_ids = fields.Many2many('res.partner', string="To", required=True)
    note = fields.Text()

    def action_send(self):
        """Make the report as it stands now and send it."""
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(self.env._("Choose who is to get the report."))
        days = self.env['med.day']
        answer = days.production(day=self.day, time_from=self.time_from, time_to=self.time_to)
        title = self.env._("Production daily report")
        self.env['mail.thread'].message_notify(
            partner_ids=self.partner_ids.ids,
            subject=f"{title} {answer['day']} {answer['time_from']}–{answer['time_to']}",
            body=plaintext2html(self.note or title),
            attachments=[(days._med_day_filename(answer, 'pdf'), days._med_day_pdf(answer)),
                         (days._med_day_filename(answer, 'xlsx'), days._med_day_xlsx(answer))])
        return {'type': 'ir.actions.act_window_close'}
