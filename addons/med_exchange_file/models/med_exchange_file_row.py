from odoo import api, fields, models
from odoo.exceptions import UserError

OUTCOMES = [("make", "Is Made"), ("change", "Is Changed"), ("same", "Says the Same"),
            ("earlier", "Taken In Before"), ("refused", "Refused"),
            ("conflict", "Conflict: a Person Decides"),
            ("waiting", "Waits for Earlier Numbers")]


class MedExchangeFileRow(models.Model):
    """What one row of a partner's file would do, or has done. Written by the machine."""

    _name = "med.exchange.file.row"
    _description = "Row of a Partner's File"
    _order = "file_id desc, number, id"
    _rec_name = "object_key"

    file_id = fields.Many2one("med.exchange.file", required=True, index=True, readonly=True,
                              ondelete="restrict")
    exchange_partner_id = fields.Many2one(related="file_id.exchange_partner_id", store=True,
                                          index=True)
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    schema = fields.Char(related="file_id.schema", store=True)
    number = fields.Integer("Line", readonly=True, aggregator=False)
    numbers = fields.Char("Lines", readonly=True)
    object_key = fields.Char("Key", readonly=True, index=True)
    event_time = fields.Datetime("Happened", readonly=True)
    outcome = fields.Selection(OUTCOMES, "What Happens", required=True, readonly=True, index=True)
    changes = fields.Text("Field by Field", readonly=True)
    told = fields.Text("Told to the Partner", readonly=True,
                       help="What changes; with its values only where the partner may know them.")
    reasons = fields.Text("Why Not", readonly=True)
    payload = fields.Text("Message as Data", readonly=True)
    message = fields.Char("Message Id", readonly=True)
    message_id = fields.Many2one("med.exchange.message", "Message", readonly=True,
                                 index="btree_not_null", ondelete="restrict")
    message_state = fields.Selection(related="message_id.state", string="Status of the Message")
    undone = fields.Boolean(readonly=True)
    undoing = fields.Text("What Was Undone", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(self.env._("Rows come from a file: upload it."))

    def write(self, vals):
        raise UserError(self.env._("Rows stay what the file says: upload another file."))

    def unlink(self):
        self._refuse_unlink()

    def _refuse_unlink(self):
        raise UserError(self.env._("Rows of files are kept."))

    def copy(self, default=None):
        raise UserError(self.env._("Rows of files are not copied."))

    @api.model
    def _make(self, vals_list):
        """Make rows, as the machine alone may."""
        return super().create(vals_list)

    def _store(self, vals):
        return super().write(vals)

    def _drop(self):
        """Remove rows of a trial, which have done nothing."""
        return super(MedExchangeFileRow, self.sudo()).unlink()
