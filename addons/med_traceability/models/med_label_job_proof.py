import base64
import random
from hashlib import sha256

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.udi import UdiError, parse
from .med_label_job import CHECKS

APPROVERS = ('shift_leader', 'qa')
INSPECTORS = ('shift_leader', 'inspector', 'qa')
PRINTED = ('printed', 'stopped', 'proved')


class MedLabelJob(models.Model):
    """Paper: printing, the roll in hand, inspection and reconciliation (21 CFR 820.45).

    Every public step answers ``{"version", "id", "name", "state", "labels", "read_back",
    "printed", "scans_left"}`` and raises AccessError where the role or the person does not fit and
    UserError, in one sentence, where the step is not possible.
    """

    _inherit = 'med.label.job'

    # ------------------------------------------------------------------ printing

    def print_labels(self):
        """Say that the whole job is printed now, once.

        :return: the answer of every step, with ``entry``: its file is taken with ``take``
        :raises UserError: a lot, the template or the device identifier changed since the labels
            were proved
        """
        self._begin_step('ready')
        job = self.sudo()
        job._check_job()
        for label in job.label_ids:
            if job._prepare_lot(label.lot_id)['code'] != label.code:
                raise UserError(self.env._(
                    "The data of %s changed since its label was made: cancel this job and make "
                    "another.", label.name))
        total = sum(job.label_ids.mapped('copies'))
        for label in job.label_ids:
            label.printed = label.copies
        job._ask_scans(total)
        entry = self._record('print', quantity=total)
        self._write_step({
            'state': 'printed', 'printed_quantity': total,
            'printer_ids': [fields.Command.link(self.env.uid)]})
        return self._answer(entry=entry.id)

    def _ask_scans(self, total):
        """Choose the labels that the roll in hand must show: first, last and a sample."""
        sample = self.env['med.label.sample.rule']._med_sample(total)
        labels = self.label_ids.sorted('sequence')
        labels.due = 0
        if len(labels) == 1:
            labels.due = min(total, 2 + sample)
            return
        between = labels[1:-1]
        chosen = random.SystemRandom().sample(between.ids, min(sample, len(between)))
        (labels[0] | labels[-1] | labels.browse(chosen)).due = 1

    def reprint(self, label, reason, quantity=1):
        """Say that one label is printed again; it is counted, and scanned again.

        :param int label: id of the label
        :param str reason: why
        :param int quantity: how many
        :return: the answer of every step, with ``entry``
        """
        self._begin_step('printed', 'proved')
        reason = self._get_text('reason', reason)
        quantity = self._get_number('quantity', quantity, 1)
        row = self.label_ids.filtered(lambda row: row.id == label).sudo()
        if not row:
            raise UserError(self.env._("There is no such label in %s.", self.name))
        job = self.sudo()
        job._check_job()
        if job._prepare_lot(row.lot_id)['code'] != row.code:
            raise UserError(self.env._(
                "The data of %s changed since its label was made: cancel this job and make "
                "another.", row.name))
        row.write({'printed': row.printed + quantity, 'due': row.due + 1})
        entry = self._record('reprint', label_id=row.id, quantity=quantity, reason=reason)
        self._write_step({
            'state': 'printed', 'printed_quantity': self.printed_quantity + quantity,
            **self._undone(), 'printer_ids': [fields.Command.link(self.env.uid)]})
        return self._answer(entry=entry.id)

    def _undone(self):
        """What was inspected, counted and approved before more labels were printed."""
        return {**dict.fromkeys(CHECKS, False), 'inspector_id': False, 'inspected_date': False,
                'reconciler_id': False, 'difference_approver_id': False}

    def take(self, entry, file='pdf'):
        """Return the file of a print, once: whoever needs it again prints again, with a reason.

        :param int entry: what ``print_labels`` or ``reprint`` answered
        :param str file: ``pdf`` or ``zpl`` (graphics of exactly the dots that were read back)
        :return: ``{"version", "filename", "sha256", "copies", "content"}``, content in base64;
            copies is how often a page of the PDF is printed (the ZPL says it itself)
        """
        self._begin_step(*PRINTED)
        if file not in ('pdf', 'zpl'):
            raise UserError(self.env._("The file is pdf or zpl."))
        row = self.sudo().entry_ids.filtered(
            lambda row: row.id == entry and row.kind in ('print', 'reprint'))
        if not row or row.user_id != self.env.user:
            raise AccessError(self.env._("This is not a print of yours."))
        if row.taken:
            raise UserError(self.env._(
                "This file has been taken: print again, and give the reason."))
        row.taken = fields.Datetime.now()
        job = self.sudo()
        if row.kind == 'print':
            data = base64.b64decode(job[file])
            if sha256(data).hexdigest() != job[f'{file}_digest']:
                raise UserError(self.env._(
                    "The file of %s is not the one that was proved.", self.name))
            copies = self.copies
        else:
            made = job._render_one(row.label_id)
            data = made.pdf if file == 'pdf' else made.zpl.replace(
                '^PQ1\n', f'^PQ{row.quantity}\n').encode()
            copies = row.quantity
        digest = sha256(data).hexdigest()
        name = f'{self.name}_{row.id}.{file}'.replace('/', '-')
        self.env['med.audit.entry']._record_event('export', self, {
            'file': name, 'sha256': digest, 'labels': row.quantity})
        return {'version': 1, 'filename': name, 'sha256': digest, 'copies': copies,
                'content': base64.b64encode(data).decode()}

    # ------------------------------------------------------------------ the roll in hand

    def scan(self, code):
        """Compare one label of the roll in hand with the job; a code that does not fit stops it.

        :param str code: as the scanner gives it
        :return: the answer of every step, with ``matches``, ``label`` (name, empty where none),
            ``message``
        """
        self._begin_step('printed', 'proved')
        code = self._get_text('code', code)
        found, message = self._match(code)
        if not found:
            self._record('mismatch', code=code[:500], reason=message)
            self._write_step({'state': 'stopped'})
            return self._answer(matches=False, label='', message=message)
        row = found.sudo()
        wanted = row.due > 0
        row.write({'scanned': row.scanned + 1, 'due': max(0, row.due - 1)})
        self._record('scan', label_id=row.id, code=code[:500])
        if not self.due_count and self.state == 'printed':
            self._write_step({'state': 'proved'})
        return self._answer(
            matches=True, label=row.name, wanted=wanted,
            message=self.env._("%s is right.", row.name) if wanted or not self.due_count
            else self.env._("%s is right; others are still to be scanned.", row.name))

    def _match(self, code):
        """Return ``(label, '')``, or an empty recordset and what does not fit."""
        _ = self.env._
        try:
            read = parse(code)
        except UdiError as error:
            return self.label_ids.browse(), _(
                "This is no code of the job: %s", self.env['med.scan']._med_unreadable(error))
        label = self.label_ids.filtered(lambda row: row.code == read.code)
        if label:
            return label, ''
        expected = parse(self.label_ids[0].code)
        for what, ours, theirs in (
                (_("Device identifier"), expected.di, read.di),
                (_("Expiration date"), expected.expiry, read.expiry),
                (_("Manufacturing date"), expected.manufactured, read.manufactured),
                (_("Lot"), expected.lot, read.lot)):
            if ours != theirs:
                return label, _(
                    "%(what)s: the label in hand says %(theirs)s, the job says %(ours)s.",
                    what=what, theirs=theirs or _("nothing"), ours=ours or _("nothing"))
        return label, _("%s is no label of this job.", read.hri)

    def resume(self, reason):
        """Go on after a stop: by another person than printed, with the scans begun again.

        :param str reason: what was found
        """
        self._begin_step('stopped', groups=APPROVERS)
        self._check_other_person(self.printer_ids)
        reason = self._get_text('reason', reason)
        job = self.sudo()
        job.label_ids.write({'scanned': 0})
        job._ask_scans(self.printed_quantity)
        self._record('resume', reason=reason)
        self._write_step({'state': 'printed'})
        return self._answer()

    def _check_other_person(self, people):
        if self.env.user in people:
            raise AccessError(self.env._(
                "You printed or counted these labels yourself: another person does this."))

    # ------------------------------------------------------------------ inspection and count

    def inspect(self, udi, expiry, storage, handling, processing, note=''):
        """Document that a second person inspected the labels (21 CFR 820.45(a)).

        :param bool udi: the unique device identifier is correct; likewise the others: expiration
            date, storage, handling and processing instructions, as far as the label bears them
        :param str note: what was seen
        :raises UserError: one of them is not correct: the labels are not released
        """
        self._begin_step('printed', 'proved', groups=INSPECTORS)
        self._check_other_person(self.printer_ids)
        checks = dict(zip(CHECKS, (udi, expiry, storage, handling, processing), strict=True))
        wrong = [name for name, value in checks.items() if value is not True]
        if wrong:
            raise UserError(self.env._(
                "Not confirmed: %s. Labels that are not correct are not released: destroy them "
                "and cancel the job.", ', '.join(self._fields[name]._description_string(self.env)
                                                 for name in wrong)))
        self._record('inspect', reason=(note or '')[:1000])
        self._write_step({**checks, 'inspection_note': (note or '')[:1000],
                          'inspector_id': self.env.uid, 'inspected_date': fields.Datetime.now()})
        return self._answer()

    def reconcile(self, used, destroyed, returned, reason=''):
        """Count the labels: printed = used + destroyed + returned.

        :param int used: on devices
        :param int destroyed: misprints, scanned samples that were thrown away, rest of the roll
        :param int returned: back to the label store
        :param str reason: explanation, needed where the sum is another one
        :return: the answer of every step, with ``difference``
        """
        self._begin_step(*PRINTED)
        counts = {f'{name}_quantity': self._get_number(name, value) for name, value in (
            ('used', used), ('destroyed', destroyed), ('returned', returned))}
        difference = self.printed_quantity - sum(counts.values())
        if difference:
            reason = self._get_text('reason', reason)
        self._record('reconcile', quantity=difference, reason=reason or '')
        self._write_step({
            **counts, 'difference_reason': reason or False, 'reconciler_id': self.env.uid,
            'difference_approver_id': False})
        return self._answer(difference=difference)

    def approve_difference(self, reason):
        """Accept an explained difference: by somebody who neither printed nor counted.

        :param str reason: why it is accepted
        """
        self._begin_step(*PRINTED, groups=APPROVERS)
        reason = self._get_text('reason', reason)
        if not self.reconciler_id or not self.difference:
            raise UserError(self.env._("There is no counted difference to approve."))
        self._check_other_person(self.printer_ids | self.reconciler_id)
        self._record('approve', quantity=self.difference, reason=reason)
        self._write_step({'difference_approver_id': self.env.uid})
        return self._answer()

    def close(self):
        """Close a job that is proved, inspected and counted."""
        self._begin_step('proved', groups=('operator', 'warehouse', *APPROVERS))
        _ = self.env._
        if not self.inspector_id:
            raise UserError(_("A second person inspects the labels first."))
        self._check_counted()
        self._record('close')
        self._write_step({'state': 'closed', 'closed_date': fields.Datetime.now()})
        return self._answer()

    def _check_counted(self):
        if not self.reconciler_id:
            raise UserError(self.env._("Count the labels first: used, destroyed, returned."))
        if self.difference and not self.difference_approver_id:
            raise UserError(self.env._(
                "%s labels are unaccounted for: another person approves the explanation first.",
                self.difference))

    def cancel(self, reason):
        """Give a job up. What was printed has been counted, and none of it used.

        :param str reason: why
        """
        self._begin_step('draft', 'rendering', 'ready', *PRINTED,
                         groups=('operator', 'warehouse', *APPROVERS))
        reason = self._get_text('reason', reason)
        if self.printed_quantity:
            self._check_counted()
            if self.used_quantity:
                raise UserError(self.env._(
                    "%s of these labels were used: the job is closed, not cancelled.",
                    self.used_quantity))
        self._record('cancel', reason=reason)
        self.sudo().batch_ids.unlink()
        self._write_step({'state': 'cancelled'})
        return self._answer()
