from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class MedRecallSubmission(models.Model):
    """What was sent to an authority, or came from there: when, how, under which number."""

    _name = "med.recall.submission"
    _description = "Submission to an Authority"
    _order = "report_id desc, at, id"
    _rec_name = "reference"

    report_id = fields.Many2one("med.recall.report", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    channel = fields.Selection(
        [("portal", "Portal of the Authority"), ("email", "E-mail"), ("mail", "Registered Letter"),
         ("telephone", "Telephone"), ("other", "Otherwise"), ("kept", "Kept Here"),
         ("simulated", "Simulated (Drill)")], "How", required=True)
    reference = fields.Char("Number", help="That the authority gave.")
    receipt_ids = fields.Many2many(
        "ir.attachment", "med_recall_submission_receipt_rel", string="Receipts")
    note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        rows = super().create([{
            "at": fields.Datetime.now(), "reference": False, "receipt_ids": [], "note": False,
            **vals} for vals in vals_list])
        rows.report_id.recall_id._med_check_decider()
        for row in rows:
            if row.report_id.state == "draft":
                raise UserError(self.env._(
                    "%s: a report is approved before it is submitted.", row.report_id.name))
            if row.at > fields.Datetime.now():
                raise ValidationError(self.env._("What is done is not in the future."))
            if row.report_id.drill != (row.channel == "simulated"):
                raise ValidationError(self.env._(
                    "In a drill a submission is simulated, and in a drill alone."))
            row._med_take_receipts()
        return rows

    def _med_take_receipts(self):
        """Make the receipts those of this line; a person attaches what is his own alone."""
        receipts = self.sudo().receipt_ids
        if receipts.filtered(lambda one: one.create_uid != self.env.user or (
                one.res_model not in (False, self._name) or one.res_id)):
            raise AccessError(self.env._("A receipt is a file that you have uploaded for it."))
        if receipts:
            receipts.write({"res_model": self._name, "res_id": self.id})

    def write(self, vals):
        raise AccessError(self.env._("The log of submissions is not changed: add a line."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of submissions is not deleted."))
