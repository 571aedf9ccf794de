from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

VERSION = 1
PERMIT = object()
"""Context value under which `med_settle` and `_med_withdraw` write; RPC cannot make it."""
KEPT = {'create_date', 'create_uid', 'message_main_attachment_id', 'activity_ids',
        'message_follower_ids', 'message_ids', 'lot_id', 'move_line_id'}
"""Fields that may change without a settlement: people talk about a discrepancy, and the lot and
line become known when the receipt is posted (superuser code only: nobody has the access right)."""


class MedUdiDiscrepancy(models.Model):
    """What a label or a lot says that the records do not, and how somebody settled it.

    At receipt a discrepancy stops nothing: goods that have come must be in the books. It bars the
    lot of a controlled product from use and delivery until somebody responsible settles it.
    """

    _name = 'med.udi.discrepancy'
    _description = 'UDI Discrepancy'
    _inherit = ['mail.thread', 'mail.activity.mixin']
    _mail_post_access = 'read'
    _order = 'id desc'

    name = fields.Char("Number", readonly=True, required=True, default="/", copy=False)
    kind = fields.Selection(
        [('unknown_di', "Unknown device identifier"),
         ('other_di', "Other device than ordered"),
         ('inactive_di', "Device identifier not in use (draft or retired)"),
         ('dates_disagree', "Dates disagree"),
         ('expired', "Expired"),
         ('duplicate_serial', "Serial number twice"),
         ('lot_missing', "Lot or serial number missing"),
         ('date_missing', "Expiration date missing"),
         ('separator_lost', "Separator lost: the label may be misread"),
         ('label', "Label in doubt")],
        "Discrepancy", required=True, readonly=True, index=True)
    message = fields.Char("What Is Wrong", required=True, readonly=True)
    expected = fields.Char(readonly=True)
    found = fields.Char(readonly=True)
    state = fields.Selection(
        [('open', "Open"), ('settled', "Settled"), ('withdrawn', "Scan taken back")], "Status",
        required=True, readonly=True, default='open', index=True, tracking=True)
    conclusion = fields.Selection(
        [('accepted', "Accepted: fit for use as it is"),
         ('corrected', "Corrected: the record is right now"),
         ('rejected', "Rejected: not to be used or delivered")],
        readonly=True, tracking=True)
    note = fields.Text("Grounds", readonly=True, tracking=True)
    settled_uid = fields.Many2one('res.users', "Settled By", readonly=True)
    settled_date = fields.Datetime("Settled On", readonly=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True)
    product_id = fields.Many2one('product.product', "Product", readonly=True, index=True,
                                 ondelete='restrict')
    lot_id = fields.Many2one('stock.lot', "Lot/Serial", readonly=True, index='btree_not_null',
                             ondelete='restrict')
    lot_name = fields.Char("Number on the Label", readonly=True)
    picking_id = fields.Many2one('stock.picking', "Transfer", readonly=True,
                                 index='btree_not_null', ondelete='restrict')
    production_id = fields.Many2one('mrp.production', "Manufacturing Order", readonly=True,
                                    index='btree_not_null', ondelete='restrict')
    move_line_id = fields.Many2one('stock.move.line', "Line", readonly=True,
                                   index='btree_not_null', ondelete='set null')
    partner_id = fields.Many2one('res.partner', "Supplier", readonly=True, ondelete='restrict')
    scan_id = fields.Many2one('med.udi.scan', "Scan", readonly=True, index='btree_not_null',
                              ondelete='restrict')
    hri = fields.Char(related='scan_id.hri', string="Label")
    user_id = fields.Many2one('res.users', "Found By", readonly=True, required=True)

    # ------------------------------------------------------------------ found

    @api.model
    def _med_record(self, vals_list):
        """Record discrepancies and tell those who have to know.

        :param vals_list: list of values; person and number are added here
        :return: the new records
        """
        number = self.env['ir.sequence'].sudo()
        found = self.sudo().with_context(tracking_disable=True).create([{
            **vals, 'user_id': self.env.uid,
            'name': number.next_by_code('med.udi.discrepancy') or "/"} for vals in vals_list])
        if found:
            found._med_found()
        return found

    def _med_found(self):
        """Act on new discrepancies: note them on the transfer or order and ask quality assurance.

        An addon that holds lots extends this (and `_med_lot_known`, where the lot is born only
        when the receipt is posted).
        """
        for document in ('picking_id', 'production_id'):
            for record, found in self.grouped(document).items():
                if record:
                    record._message_log(body=self.env._(
                        "Discrepancy: %s", " ".join(found.mapped('message'))))
        for company, found in self.grouped('company_id').items():
            person = self._med_person(company)
            if person:
                found._med_assign(person)

    def _med_lot_known(self):
        """Act when the lot of these discrepancies comes into being; see `_med_found`."""

    def _med_assign(self, person):
        """Give these discrepancies to a person to settle, and tell by e-mail, sent later."""
        deadline = fields.Date.context_today(self)
        self.env['mail.activity'].with_context(mail_activity_quick_update=True).create([{
            'res_model_id': self.env['ir.model']._get_id(self._name), 'res_id': record.id,
            'activity_type_id': self.env.ref('mail.mail_activity_data_todo').id,
            'summary': record.message, 'date_deadline': deadline, 'user_id': person.id,
            'automated': True,
        } for record in self])
        for record in self:
            record.with_context(mail_notify_force_send=False).message_post(
                body=record.message, partner_ids=person.partner_id.ids,
                subject=f"{record.name}: {record.product_id.display_name or ''}",
                subtype_xmlid='mail.mt_comment')

    @api.model
    def _med_person(self, company):
        """Return who settles: of quality assurance in the company, the one with the least open."""
        return company._med_least_busy(
            'mail.activity', 'user_id', [('res_model', '=', self._name)])

    # ------------------------------------------------------------------ settled

    def med_settle(self, conclusion, note):
        """Settle open discrepancies, with the reader's name and the time.

        :param str conclusion: ``accepted`` (fit for use as it is), ``corrected`` (the record is
            right now) or ``rejected`` (the lot is never used or delivered)
        :param str note: on what grounds
        :return: ``{"version", "settled"}``
        :raise AccessError: only inspection and quality assurance settle
        :raise UserError: a bad argument, in one sentence; nothing is settled then
        """
        self._med_check_settle()
        if conclusion not in dict(self._fields['conclusion'].selection):
            raise UserError(self.env._(
                "The conclusion must be one of: accepted, corrected, rejected."))
        if not isinstance(note, str) or not note.strip():
            raise UserError(self.env._("Say on what grounds it is settled."))
        if not self:
            raise UserError(self.env._("Choose the discrepancies to settle."))
        self.check_access('read')
        self.lock_for_update()
        if done := self.filtered(lambda record: record.state != 'open')[:1]:
            raise UserError(self.env._(
                "%(number)s is not open: %(message)s", number=done.name, message=done.message))
        records = self.sudo().with_context(med_permit=PERMIT)
        records.write({
            'state': 'settled', 'conclusion': conclusion, 'note': note.strip(),
            'settled_uid': self.env.uid, 'settled_date': fields.Datetime.now()})
        records.activity_unlink(['mail.mail_activity_data_todo'])
        words = dict(self._fields['conclusion']._description_selection(self.env))
        for document in ('picking_id', 'production_id', 'lot_id'):
            for target, settled in records.grouped(document).items():
                if target:
                    target._message_log(body=self.env._(
                        "Discrepancy %(numbers)s settled. %(conclusion)s. %(note)s",
                        numbers=", ".join(settled.mapped('name')), conclusion=words[conclusion],
                        note=note.strip()))
        return {'version': VERSION, 'settled': len(self)}

    @api.model
    def _med_check_settle(self):
        if not (self.env.su or any(self.env.user.has_group(f'med_base.med_base_group_{role}')
                                   for role in ('inspector', 'qa'))):
            raise AccessError(self.env._(
                "Discrepancies are settled by inspection or quality assurance."))

    def _med_withdraw(self):
        """Close discrepancies whose scan was taken back before anything was posted."""
        records = self.sudo().filtered(lambda record: record.state == 'open')
        records.with_context(med_permit=PERMIT).write({'state': 'withdrawn'})
        records.activity_unlink(['mail.mail_activity_data_todo'])

    def action_settle(self):
        """Open the dialog that settles these."""
        return {
            'type': 'ir.actions.act_window', 'res_model': 'med.udi.discrepancy.settle',
            'name': self.env._("Settle"), 'views': [(False, 'form')], 'target': 'new',
            'context': {'default_discrepancy_ids': self.ids}}

    # ------------------------------------------------------------------ kept

    def write(self, vals):
        if self.env.context.get('med_permit') is not PERMIT and (
                not self.env.su or vals.keys() - KEPT):
            raise UserError(self.env._(
                "What was found is not rewritten: settle it, with a conclusion and the grounds."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._(
            "A discrepancy is evidence and is not deleted: settle it, with a conclusion."))
