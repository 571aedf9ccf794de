import base64
import logging
import re
from hashlib import sha256

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.label import SYMBOLOGIES, LabelError, merge, render
from ..tools.scan import lot_elements
from ..tools.udi import UdiError, build, parse
from .med_label_permit import permit

_logger = logging.getLogger(__name__)

BATCH = 250
"""Labels made at once: progress is told, and others get their turn, after each batch."""


class MedLabelJob(models.Model):
    """The images: made in the background, each read back before anything can be printed."""

    _inherit = 'med.label.job'

    # ------------------------------------------------------------------ public

    def action_start(self):
        """Make the labels of a draft in the background; return True."""
        for job in self:
            job.start()
        return True

    def start(self):
        """Fix what the labels say, and begin to make them.

        :return: ``{"version", "id", "name", "state", "labels", "read_back", "printed",
            "scans_left"}``
        :raises AccessError: not of the user's role
        :raises UserError: device identifier, template or lots do not fit, or data are missing
        """
        self._begin_step('draft')
        rows = self.sudo()._prepare_labels()
        # One label is drawn at once, so that what cannot work is said to the person who asked.
        first = self.sudo()._prepare_sheet(self.env['med.label'].new(rows[0]))
        made = self.env['med.label.template']._render([first], preview=True)
        labels = self.env['med.label'].sudo().create(rows)
        self._write_step({'state': 'rendering', 'error': False,
                          'preview': base64.b64encode(made.preview)})
        self.env.ref('med_traceability.med_label_job_cron')._trigger()
        return self._answer(labels=len(labels))

    def rendering(self):
        """Return how far the labels are: the answer of ``start`` with ``error``.

        :raises AccessError: the job may not be read
        """
        self.ensure_one()
        self.check_access('read')
        return self._answer(error=self.error or '')

    # ------------------------------------------------------------------ what the labels say

    def _prepare_labels(self):
        """Return the values of the labels of this job.

        :raises UserError: with the lot and what is wrong about it
        """
        self._check_job()
        rows = {}
        for lot in self.lot_ids.sorted(lambda lot: (lot.name, lot.id)):
            values = self._prepare_lot(lot)
            if values['code'] in rows and self.di_id.pi_serial:
                raise UserError(self.env._(
                    "%(one)s and %(other)s would bear the same code.", one=lot.name,
                    other=rows[values['code']]['name']))
            rows.setdefault(values['code'], values)
        if not self.di_id.pi_serial and len(rows) > 1:
            raise UserError(self.env._(
                "These lots bear different codes: make one job for each of them, so that each is "
                "counted by itself."))
        return [{**values, 'sequence': number} for number, values in
                enumerate(rows.values(), start=1)]

    def _check_job(self):
        """Raise unless device identifier, template, product and lots belong together."""
        _, di, template = self.env._, self.di_id, self.template_id
        if template.state != 'approved':
            raise UserError(_("%s is not approved, or has been replaced: choose another template.",
                              template.display_name))
        if di.state != 'active' or di.product_id != self.product_id:
            raise UserError(_("%(di)s is not an active device identifier of %(product)s.",
                              di=di.name, product=self.product_id.display_name))
        if template.level != di.level:
            raise UserError(_("%s is made for another level of packaging.",
                              template.display_name))
        if not self.lot_ids:
            raise UserError(_("Choose the lots or serials whose labels are made."))
        if self.lot_ids.product_id != self.product_id:
            raise UserError(_("One of the lots is not of %s.", self.product_id.display_name))
        if template.jurisdiction_id.code == 'US' and not di.pi_manufactured \
                and 'manufactured' in template.item_ids.mapped('content'):
            raise UserError(_(
                "The label shows a manufacturing date that the code of %s does not hold "
                "(21 CFR 801.40(b)).", di.name))
        for content, flag in (('lot', di.pi_lot), ('serial', di.pi_serial),
                              ('expiry', di.pi_expiry)):
            if content in template.item_ids.filtered(lambda item: not item.optional).mapped(
                    'content') and not flag:
                raise UserError(_(
                    "The template shows what the code of %s does not hold: choose another "
                    "template, or correct the device identifier.", di.name))

    def _prepare_lot(self, lot):
        """Return the values of the label of a lot, worked out of the lot as it is now.

        Days are those of the zone of who made the job, whoever or whatever goes on with it.
        """
        _, di = self.env._, self.di_id
        lot = lot.with_user(self.create_uid).sudo()
        serial = self.product_id.tracking == 'serial'
        number = lot.med_supplier_lot or lot.name
        known = {'lot': lot.med_batch if serial else number, 'serial': number if serial else '',
                 'expiry': lot._med_expiry(), 'manufactured': lot.med_manufactured}
        bears = {name: value for name, value in known.items() if di[{
            'lot': 'pi_lot', 'serial': 'pi_serial', 'expiry': 'pi_expiry',
            'manufactured': 'pi_manufactured'}[name]]}
        words = {'lot': _("lot number"), 'serial': _("serial number"),
                 'expiry': _("expiration date"), 'manufactured': _("manufacturing date")}
        for name, value in bears.items():
            if not value:
                raise UserError(_("%(lot)s has no %(what)s, which its label must bear.",
                                  lot=lot.name, what=words[name]))
        if known['expiry'] and known['expiry'] <= lot._med_today():
            raise UserError(_("%(lot)s expires on %(date)s: no labels are made of it.",
                              lot=lot.name, date=known['expiry'].isoformat()))
        if known['expiry'] and known['manufactured'] \
                and known['expiry'] <= known['manufactured']:
            raise UserError(_("%(lot)s expires on %(expiry)s and was made on %(made)s.",
                              lot=lot.name, expiry=known['expiry'].isoformat(),
                              made=known['manufactured'].isoformat()))
        try:
            udi = parse(build(di.issuer, lot_elements(di.issuer, di.name, bears)))
        except UdiError as error:
            raise UserError(_("No code can be made for %(lot)s: %(reason)s", lot=lot.name,
                              reason=error.reason)) from error
        return {
            'job_id': self.id, 'name': lot.name, 'lot_id': lot.id, 'code': udi.code,
            'hri': udi.hri, 'lot_name': known['lot'], 'serial_name': known['serial'],
            'expiry': known['expiry'] or False, 'manufactured': known['manufactured'],
            'copies': self.copies,
        }

    def _prepare_sheet(self, label, rule=None):
        """Return one label as ``tools.label`` wants it."""
        return self.template_id._prepare_label(
            self.di_id, parse(label.code), {
                'lot': label.lot_name, 'serial': label.serial_name,
                'expiry': label.expiry and label.expiry.isoformat(),
                'manufactured': label.manufactured and label.manufactured.isoformat(),
            }, dpi=self.dpi, copies=label.copies, rule=rule)

    # ------------------------------------------------------------------ in the background

    @api.model
    def _cron_render(self):
        """Make the labels of all jobs that wait for them, a batch at a time."""
        cron = self.env['ir.cron']
        for job in self.search([('state', '=', 'rendering')], order='id'):
            while job._render_batch():
                if not cron._commit_progress(1):
                    self.env.ref('med_traceability.med_label_job_cron')._trigger()
                    return
            cron._commit_progress(1)

    def _render_batch(self):
        """Make and prove the next labels; return whether there is more to do.

        The job itself is not written before the last batch, so that somebody who cancels it
        meanwhile neither waits nor fails.
        """
        self.invalidate_recordset()
        if not self.exists() or self.state != 'rendering':
            return False
        labels = self.env['med.label'].search(
            [('job_id', '=', self.id), ('digest', '=', False)], limit=BATCH, order='sequence')
        if not labels:
            self._finish_render()
            return False
        try:
            rule = self.env['med.label.symbol.rule']._med_rule(self.template_id.symbology)
            sheets = [self._prepare_sheet(label, rule) for label in labels]
            made = render(sheets, timeout=300)
            for label, sheet, result in zip(labels, sheets, made.results, strict=True):
                label.write(self._prove(label, sheet, result))
        except (LabelError, UserError, UdiError) as error:
            self._refuse(error)
            return False
        self.env['med.label.batch'].create({
            'job_id': self.id, 'sequence': labels[0].sequence, 'pdf': base64.b64encode(made.pdf),
            'zpl': base64.b64encode(made.zpl.encode())})
        return True

    def _prove(self, label, sheet, result):
        """Return what is kept of a label whose image was read back.

        The image, the page's text and the lot as it is now must all say the same.

        :param dict sheet: what was drawn
        :param dict result: what was seen, see ``tools.label.Made``
        :raises UserError: they do not; nothing of the job is printed then
        """
        _ = self.env._
        now = self._prepare_lot(label.lot_id)
        if now['code'] != label.code:
            raise UserError(_(
                "The data of %(lot)s changed: its label would say %(label)s, its record says "
                "%(now)s.", lot=label.name, label=label.hri, now=now['hri']))
        if len(result['found']) != 1:
            raise UserError(_("The reader found %(count)s codes on the label of %(lot)s.",
                              count=len(result['found']), lot=label.name))
        [[data, identifier]] = result['found']
        expected, read = parse(label.code), parse(identifier + data)
        if identifier not in SYMBOLOGIES[self.template_id.symbology].identifiers \
                or read != expected or read.code != label.code:
            raise UserError(_(
                "The label of %(lot)s reads %(read)s, and must read %(expected)s.",
                lot=label.name, read=read.hri, expected=expected.hri))
        text = re.sub(r'\s', '', result['text'])
        for part in [*sheet['symbol']['hri'], *(
                item['text'] for item in sheet['items'] if item.get('whole'))]:
            if re.sub(r'\s', '', part) not in text:
                raise UserError(_("The label of %(lot)s does not show %(text)s in readable form.",
                                  lot=label.name, text=part))
        return {'digest': result['digest'], 'decoded': identifier + data}

    def _refuse(self, error):
        """Give the job back as a draft, with the reason; none of its images stays."""
        sentence = str(error)
        if isinstance(error, LabelError):
            sentence = self.env['med.label.template']._label_sentence(error)
        with permit(self):
            self.lock_for_update()
            self.label_ids.unlink()
            self.batch_ids.unlink()
            self.write({'state': 'draft', 'error': sentence, 'preview': False})
        self._record('failed', reason=sentence)
        _logger.info("Label job %s: %s", self.name, sentence)

    def _finish_render(self):
        """Join the batches into the files of the job."""
        self.lock_for_update()
        self.invalidate_recordset()
        if self.state != 'rendering':
            return
        try:
            pdf = merge([base64.b64decode(batch.pdf) for batch in self.batch_ids])
        except LabelError as error:
            self._refuse(error)
            return
        zpl = b''.join(base64.b64decode(batch.zpl) for batch in self.batch_ids)
        self.batch_ids.unlink()
        self._write_step({
            'state': 'ready', 'pdf': base64.b64encode(pdf), 'zpl': base64.b64encode(zpl),
            'pdf_digest': sha256(pdf).hexdigest(), 'zpl_digest': sha256(zpl).hexdigest()})
        self._record('render', quantity=len(self.label_ids))

    def _render_one(self, label):
        """Return the one label, drawn again; its dots must be those that were proved."""
        sheet = {**self._prepare_sheet(label), 'copies': 1}
        try:
            made = render([sheet])
        except LabelError as error:
            raise UserError(
                self.env['med.label.template']._label_sentence(error)) from error
        if self._prove(label, sheet, made.results[0])['digest'] != label.digest:
            raise UserError(self.env._(
                "The label of %s does not come out as it was proved: font or program changed. "
                "Make a new job.", label.name))
        return made
