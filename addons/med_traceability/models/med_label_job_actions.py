from odoo import models


class MedLabelJob(models.Model):
    """What the buttons of the form open."""

    _inherit = 'med.label.job'

    def action_print_pdf(self):
        """Print the whole job as PDF: count it and take the file."""
        return self._get_file_action(self.print_labels()['entry'], 'pdf')

    def action_print_zpl(self):
        """Print the whole job on a label printer: count it and take the ZPL file."""
        return self._get_file_action(self.print_labels()['entry'], 'zpl')

    def _get_file_action(self, entry, file):
        return {'type': 'ir.actions.client', 'tag': 'med_label_file',
                'params': {'file': file, 'job': self.id, 'entry': entry}}

    def action_prove(self):
        """Open the page on which the roll in hand is scanned."""
        self.ensure_one()
        return {'type': 'ir.actions.client', 'tag': 'med_label_proof',
                'name': self.env._("Prove %s", self.name),
                'params': {'job_id': self.id}, 'context': {'job_id': self.id}}

    def action_close(self):
        """Close a job that is proved, inspected and counted; return True."""
        self.close()
        return True

    def action_inspect(self):
        """Ask for the checklist of the second person."""
        return self._get_step('inspect', self.env._("Inspect the labels"))

    def action_reconcile(self):
        """Ask for the counts."""
        return self._get_step('reconcile', self.env._("Count the labels"))

    def action_approve_difference(self):
        """Ask why the difference is accepted."""
        return self._get_step('approve', self.env._("Approve the difference"))

    def action_reprint(self):
        """Ask which label is printed again, and why."""
        return self._get_step('reprint', self.env._("Print one label again"))

    def action_resume(self):
        """Ask what was found when the job was stopped."""
        return self._get_step('resume', self.env._("Continue after the stop"))

    def action_cancel(self):
        """Ask why the job is given up."""
        return self._get_step('cancel', self.env._("Cancel the job"))

    def _get_step(self, kind, name):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'med.label.step', 'target': 'new',
            'name': name, 'view_mode': 'form', 'views': [(False, 'form')],
            'context': {'default_job_id': self.id, 'default_kind': kind}}

    def action_view_labels(self):
        """Return the labels of the job as a list."""
        self.ensure_one()
        return {**self.env['ir.actions.act_window']._for_xml_id(
            'med_traceability.med_label_action'), 'domain': [('job_id', '=', self.id)]}

    def action_document(self):
        """Return the record of the job on paper."""
        self.ensure_one()
        return {'type': 'ir.actions.act_url', 'target': 'download',
                'url': f'/med/label_job.pdf?job={self.id}'}

    # ------------------------------------------------------------------ from other records

    def _get_jobs_action(self, domain):
        """Return the list of jobs of a domain, or the form where these are a single one."""
        action = {**self.env['ir.actions.act_window']._for_xml_id(
            'med_traceability.med_label_job_action'), 'domain': domain, 'context': {}}
        if len(self) == 1:
            action.update(res_id=self.id, view_mode='form', views=[(False, 'form')])
        return action
