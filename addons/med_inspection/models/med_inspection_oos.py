from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
OPENED = ("name", "inspection_id", "company_id", "reading_id", "opened_by_id", "reader_id")


class MedInspectionOos(models.Model):
    """Why a value outside its limits is looked at again: one record, one retest.

    The first value stays. Only an assignable error, found and signed by quality assurance, takes
    it out of the verdict; otherwise both count, and the worse decides.
    """

    _name = "med.inspection.oos"
    _description = "Out-of-Specification Record"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _med_machine = Machine(
        initial="open",
        content=("name", "inspection_id", "reading_id", "cause", "finding"),
        transitions=(
            Transition("confirm", ("open",), "confirmed", _lt("The Value Stands"),
                       (Signer("approved", groups=(QUALITY,), differs=("@reader_id",),
                               fixed=("@reader_id",)),), required=("finding",), least=1),
            Transition("void", ("open",), "error", _lt("Assignable Error"),
                       (Signer("verified", groups=(QUALITY,),
                               differs=("@reader_id", "@opened_by_id"),
                               fixed=("@reader_id", "@opened_by_id")),),
                       required=("cause", "finding"), least=1),
        ),
        locked=("confirmed", "error"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    inspection_id = fields.Many2one(
        "med.inspection", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    reading_id = fields.Many2one(
        "med.reading", required=True, readonly=True, index=True, ondelete="restrict")
    value = fields.Char(related="reading_id.value")
    unit = fields.Char(related="reading_id.unit")
    characteristic = fields.Char(related="reading_id.characteristic")
    opened_by_id = fields.Many2one("res.users", "Opened By", required=True, readonly=True)
    reader_id = fields.Many2one("res.users", "Who Read", required=True, readonly=True)
    cause = fields.Text(help="What may have gone wrong in measuring, and what speaks for it.")
    finding = fields.Text(help="What the examination found.")
    state = fields.Selection(
        [("open", "Open"), ("confirmed", "The Value Stands"), ("error", "Assignable Error")],
        required=True, default="open", readonly=True, copy=False, tracking=True, index=True)

    _reading_uniq = models.UniqueIndex(
        "(reading_id)", "There is a record of this value already.")

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "open"):
            raise AccessError(self.env._("The record of a value is opened in its inspection."))
        for vals in vals_list:
            vals["name"] = self.env["ir.sequence"].sudo().next_by_code("med.inspection.oos") or "/"
        return super().create([{"finding": False, "cause": False, **vals} for vals in vals_list])

    def write(self, vals):
        if set(OPENED) & vals.keys():
            raise AccessError(self.env._("What a record says of its value is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Records of values are not deleted: conclude them."))

    def copy(self, default=None):
        raise UserError(self.env._("A record of a value is not copied."))

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if self.inspection_id.state not in ("open", "submitted"):
            raise UserError(self.env._("%(inspection)s is decided already.",
                                       inspection=self.inspection_id.name))
        if transition.name == "void" and not self.env["med.reading"].search_count(
                [("retest_of_id", "=", self.reading_id.id)], limit=1):
            raise UserError(self.env._(
                "Nothing stands in place of the value yet: enter the retest first."))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.inspection_id._follow()
