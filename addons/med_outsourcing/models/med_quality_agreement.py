from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
SAID = ("name", "processor_id", "date_from", "date_to", "clause_ids.title", "clause_ids.text")


class MedQualityAgreement(models.Model):
    """The written quality agreement with a processor, clause by clause (ISO 13485, 4.1.5)."""

    _name = "med.quality.agreement"
    _description = "Quality Agreement"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "processor_id, date_from desc, id desc"

    _med_machine = Machine(
        initial="draft",
        content=SAID,
        transitions=(
            Transition("agree", ("draft",), "agreed", _lt("Put in Force"),
                       (Signer("approved", groups=(QUALITY,)),),
                       required=("name", "date_from", "date_to", "clause_ids.text"), least=1),
            Transition("end", ("draft", "agreed"), "ended", _lt("End"), groups=(QUALITY,),
                       reason=True),
        ),
        locked=("agreed", "ended"),
    )

    name = fields.Char("Number", required=True, copy=False)
    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="processor_id.company_id", store=True, index=True)
    date_from = fields.Date("In Force From")
    date_to = fields.Date("In Force Until")
    clause_ids = fields.One2many("med.quality.agreement.clause", "agreement_id", "Clauses")
    state = fields.Selection(
        [("draft", "Draft"), ("agreed", "Agreed"), ("ended", "Ended")], required=True,
        default="draft", readonly=True, copy=False, tracking=True, index=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Quality agreements are not deleted: end them."))
