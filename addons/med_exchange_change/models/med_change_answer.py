from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedChangeAnswer(models.Model):
    """One answer of a partner to a notice of a change. What he said before stays."""

    _name = "med.change.answer"
    _description = "Answer to a Notice of a Change"
    _inherit = ["med.kept.row.mixin"]
    _order = "notice_id desc, id desc"
    _rec_name = "agreement"
    _med_refusals = {
        "create": _lt("An answer comes from its partner, or is noted."),
        "write": _lt("What a partner answered is not changed."),
        "unlink": _lt("What a partner answered is kept."),
        "copy": _lt("An answer is not copied."),
    }
    _med_follows = {"change_id", "company_id"}

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
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "superseded": False} for vals in vals_list])

    def _med_supersede(self):
        if open_ones := self.filtered(lambda one: not one.superseded):
            with permit(self._name, open_ones.ids, ("superseded",)):
                open_ones.sudo().write({"superseded": True})
