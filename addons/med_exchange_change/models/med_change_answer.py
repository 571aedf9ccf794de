from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError


class MedChangeAnswer(models.Model):
    """One answer of a partner to a notice of a change. What he said before stays."""

    _name = "med.change.answer"
    _description = "Answer to a Notice of a Change"
    _order = "notice_id desc, id desc"
    _rec_name = "agreement"

    notice_id = fields.Many2one("med.change.notice", "Notice", required=True, index=True,
                                readonly=True, ondelete="restrict")
    change_id = fields.Many2one(related="notice_id.change_id", store=True, index=True)
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    partner_id = fields.Many2one("res.partner", "Partner", required=True, readonly=True,
                                 index=True, ondelete="restrict")
    agreement = fields.Selection(
        [("agreed", "Agreed"), ("refused", "Refused"), ("withdrawn", "Answer Taken Back")],
        "Answer", required=True, readonly=True)
    note = fields.Text("Remarks", readonly=True)
    answered_at = fields.Datetime("Answered", required=True, readonly=True)
    event_time = fields.Datetime("Happened", readonly=True,
                                 help="When it was answered there, where the partner says so.")
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    exchange_partner_id = fields.Many2one(
        "med.exchange.partner", "Exchange Partner", readonly=True, index="btree_not_null",
        ondelete="restrict", help="Empty: it came on a page, or was noted by us.")
    message = fields.Integer(readonly=True, aggregator=False,
                             help="Number of the message that brought it.")
    superseded = fields.Boolean(readonly=True, help="A newer answer counts, or what was answered "
                                                    "to has changed.")

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "born"):
            raise AccessError(self.env._("An answer comes from its partner, or is noted."))
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "superseded": False} for vals in vals_list])

    def write(self, vals):
        free = {"change_id", "company_id"}  # follow from the notice
        if vals.keys() - free and not take(self._name, self.ids, tuple(sorted(vals))):
            raise AccessError(self.env._("What a partner answered is not changed."))
        return super().write(vals)

    def _med_supersede(self):
        if open_ones := self.filtered(lambda one: not one.superseded):
            with permit(self._name, open_ones.ids, ("superseded",)):
                open_ones.sudo().write({"superseded": True})

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("What a partner answered is kept."))

    def copy(self, default=None):
        raise AccessError(self.env._("An answer is not copied."))
