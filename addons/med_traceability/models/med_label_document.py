from hashlib import sha256

from odoo import fields, models

from ..tools.tables import Column


class MedLabelJob(models.Model):
    """The record of a job on paper (QMSR-45, batch record)."""

    _inherit = 'med.label.job'

    def _med_document(self):
        """Return ``(PDF, file name)`` of what was printed, proved, inspected and counted.

        :raises AccessError: the job may not be read
        """
        self.ensure_one()
        self.check_access('read')
        data = self.env['med.document']._render_pdf(
            'med_traceability.med_label_job_document', self._prepare_document())
        name = f'{self.name}.pdf'.replace('/', '-')
        self.env['med.audit.entry']._record_event(
            'export', self, {'file': name, 'sha256': sha256(data).hexdigest()})
        return data, name

    def _prepare_document(self):
        """Return what the template of the document reads."""
        _, selection = self.env._, self._get_selection
        form = [
            (_("Product"), self.product_id.display_name),
            (_("Device identifier"), self.di_id.name),
            (_("Template"), self.template_id.display_name),
            (_("Market"), self.template_id.jurisdiction_id.display_name),
            (_("Symbol"), selection(self.template_id, 'symbology')),
            (_("Size"), f'{self.template_id.width:g} × {self.template_id.height:g} mm'),
            (_("Printer"), selection(self, 'dpi')), (_("Status"), selection(self, 'state')),
            (_("Manufacturing order"), self.production_id.name or '–'),
        ]
        count = [
            (_("Printed"), self.printed_quantity), (_("Used"), self.used_quantity),
            (_("Destroyed"), self.destroyed_quantity), (_("Returned"), self.returned_quantity),
            (_("Difference"), self.difference),
            (_("Explanation"), self.difference_reason or '–'),
            (_("Printed by"), ', '.join(self.printer_ids.mapped('name')) or '–'),
            (_("Counted by"), self.reconciler_id.name or '–'),
            (_("Difference approved by"), self.difference_approver_id.name or '–'),
        ]
        checks = [(self._fields[name]._description_string(self.env),
                   _("Confirmed") if self[name] else _("Not confirmed")) for name in (
            'check_udi', 'check_expiry', 'check_storage', 'check_handling', 'check_processing')]
        checks.append((_("Inspected by"), ' · '.join(filter(None, (
            self.inspector_id.name, self._get_time(self.inspected_date))) ) or '–'))
        return {
            'title': _("Label job"), 'subject': self.name, 'job': self, 'form': form,
            'count': count, 'checks': checks, 'image': self.preview and self.preview.decode(),
            'where_all': '', 'company': self.company_id.name,
            'entries': self._get_table(
                [('date', _("Time (UTC)"), ''), ('kind', _("Step"), ''), ('who', _("Who"), ''),
                 ('quantity', _("Number"), 'number'), ('reason', _("Reason or code"), '')],
                [[self._get_time(row.date), selection(row, 'kind'), row.user_id.name,
                  row.quantity or '', self._get_remark(row)]
                 for row in self.entry_ids.sorted('id')]),
            'labels': self._get_table(
                [('number', _("No."), 'number'), ('lot', _("Lot/Serial"), ''),
                 ('hri', _("Code"), ''), ('printed', _("Printed"), 'number'),
                 ('scanned', _("Scans"), 'number'), ('sha256', _("Image (SHA-256)"), 'sha256')],
                [[row.sequence, row.name, row.hri, row.printed, row.scanned, row.digest or '']
                 for row in self.label_ids.sorted('sequence')]),
        }

    def _get_remark(self, entry):
        """Return the reason of an entry, or the label that was scanned; a misfit with its code."""
        code = entry.label_id.hri or (entry.code or '').replace('\x1d', ' ')
        return ' · '.join(filter(None, (
            entry.reason, code if entry.kind in ('scan', 'mismatch', 'reprint') else '')))

    def _get_selection(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], '')

    def _get_time(self, moment):
        return fields.Datetime.to_string(moment) if moment else ''

    def _get_table(self, columns, rows):
        return {'count': len(rows), 'rows': rows, 'left_out': '', 'columns': [
            Column(key, label, kind) for key, label, kind in columns]}
