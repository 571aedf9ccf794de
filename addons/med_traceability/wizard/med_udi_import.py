import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

SHOWN = 5000


class MedUdiImport(models.TransientModel):
    """Loads device identifiers from a spreadsheet, after a trial run that lists each bad row."""

    _name = 'med.udi.import'
    _description = 'Import Device Identifiers'
    _rec_name = 'filename'

    data = fields.Binary("File", attachment=False)
    filename = fields.Char()
    blank_clears = fields.Boolean(
        "Empty Cells Empty the Field",
        help="Otherwise an empty cell leaves what an existing device identifier has.")
    state = fields.Selection(
        [('choose', "Choose a file"), ('bad', "To correct"), ('good', "Ready"), ('done', "Loaded")],
        "Status", default='choose', required=True, readonly=True)
    created = fields.Integer("New", readonly=True)
    changed = fields.Integer("Changed", readonly=True)
    unchanged = fields.Integer("Unchanged", readonly=True)
    error_count = fields.Integer("Errors", readonly=True)
    line_ids = fields.One2many('med.udi.import.line', 'import_id', "What Is Wrong", readonly=True)

    def action_check(self):
        """Read the file and list what is wrong; nothing is written."""
        self.ensure_one()
        plan = self.env['med.udi.sheet']._plan(*self._get_file(), self.blank_clears)
        return self._show(plan, 'good')

    def action_load(self):
        """Load the file if nothing in it is wrong; else list what is, and write nothing."""
        self.ensure_one()
        plan = self.env['med.udi.sheet']._load(*self._get_file(), self.blank_clears)
        return self._show(plan, 'done')

    def _get_file(self):
        if not self.data:
            raise UserError(self.env._("Choose a file first."))
        return self.filename or '', base64.b64decode(self.data)

    def _show(self, plan, state):
        self.write({
            'state': 'bad' if plan.errors else state,
            'created': plan.created, 'changed': plan.changed, 'unchanged': plan.unchanged,
            'error_count': len(plan.errors),
            'line_ids': [Command.clear(), *(
                Command.create({'row': row, 'heading': heading, 'content': content,
                                'reason': reason})
                for row, heading, content, reason in plan.errors[:SHOWN])]})
        return self._reopen()

    def action_back(self):
        """Choose another file."""
        self.write({'state': 'choose', 'data': False, 'filename': False,
                    'line_ids': [Command.clear()]})
        return self._reopen()

    def _reopen(self):
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Import Device Identifiers"),
            'res_model': self._name, 'res_id': self.id, 'views': [(False, 'form')],
            'target': 'current',
        }

    def action_open_devices(self):
        """Open the device identifiers."""
        return self.env['ir.actions.act_window']._for_xml_id(
            'med_traceability.med_udi_di_action')
