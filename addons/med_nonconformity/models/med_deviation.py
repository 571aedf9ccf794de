from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
WRITERS = tuple(f"med_base.med_base_group_{role}" for role in (
    "inspector", "operator", "shift_leader", "warehouse", "regulatory", "qa"))
KINDS = [("planned", "Deviation Permit"), ("unplanned", "Deviation"), ("concession", "Concession")]
GRADES = [("major", "Major Deviation"), ("moderate", "Moderate Deviation"),
          ("minor", "Minor Deviation")]
RISKS = {"major": "high", "moderate": "medium", "minor": "low"}
# Written by the deviation's own methods alone.
KEPT_BY_STEPS = {"name": "/", "approved_at": False, "use_count": 0, "ending_told": False}
ALWAYS = ("grade", "requirement", "description", "justification", "risk", "product_ids")


class MedDeviation(models.Model):
    """Permission to depart from a requirement, within a box of time, quantity, products and lots.

    Planned, it is given before (a deviation permit); unplanned, it records what has happened; a
    concession lets product that exists and does not conform be used (ISO 13485, 8.3.2; ISO 9000,
    3.12.5 and 3.12.6). It expires by itself.
    """

    _name = "med.deviation"
    _description = "Deviation or Concession"
    _inherit = ["med.stepped.mixin", "med.ending.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=("name", "kind", "grade", "company_id", *ALWAYS[1:], "legal_ok", "cause",
                 "correction", "lot_ids", "quantity", "uom_id", "date_from", "date_to"),
        transitions=(
            Transition("submit", ("draft",), "submitted", _lt("Submit"),
                       (Signer("authored", groups=WRITERS),), required=ALWAYS, least=1),
            Transition("approve", ("submitted",), "approved", _lt("Approve"),
                       (Signer("approved", groups=(QUALITY,), differs=("authored",),
                               fixed=("authored",)),), required=ALWAYS, least=1),
            Transition("refuse", ("submitted",), "refused", _lt("Refuse"),
                       (Signer("rejected", groups=(QUALITY,)),), reason=True, least=1),
            Transition("close", ("approved",), "closed", _lt("Close"),
                       (Signer("verified", groups=(QUALITY,)),),
                       content=("name", "conclusion"), required=("conclusion",), least=1),
            Transition("drop", ("draft", "submitted"), "withdrawn", _lt("Drop"), groups=WRITERS,
                       reason=True),
            Transition("withdraw", ("approved",), "withdrawn", _lt("Withdraw"),
                       groups=(QUALITY,), reason=True),
        ),
        locked=("approved", "closed", "refused", "withdrawn"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    kind = fields.Selection(
        KINDS, required=True, default="planned", tracking=True, index=True, help=(
            "A permit is given before it happens, a deviation has happened, a concession lets "
            "product that exists and does not conform be used."))
    grade = fields.Selection(GRADES, tracking=True, index=True)
    owner_id = fields.Many2one(
        "res.users", "Owner", index=True, tracking=True, default=lambda self: self.env.user,
        help="Who is told when it runs out.")
    requirement = fields.Char(
        tracking=True, help="What is departed from: document and clause.")
    description = fields.Text(tracking=True, help="What is, or will be, otherwise.")
    justification = fields.Text(help="Why it may be so.")
    risk = fields.Text("Risk Assessment", help="What may follow for patient, user and device.")
    legal_ok = fields.Boolean("Legal Requirements Are Met", tracking=True, help=(
        "Checked, and not only supposed. Without it no concession is approved."))
    cause = fields.Text(help="Why it has happened.")
    correction = fields.Text(help="What was done at once.")
    product_ids = fields.Many2many(
        "product.product", string="Products", check_company=True, ondelete="restrict")
    lot_ids = fields.Many2many(
        "stock.lot", string="Lots and Serials", check_company=True, ondelete="restrict",
        help="Empty: any lot of the products.")
    quantity = fields.Float("Quantity at Most", digits="Product Unit", tracking=True)
    uom_id = fields.Many2one("uom.uom", "Unit", ondelete="restrict")
    date_from = fields.Datetime("From", copy=False, tracking=True)
    date_to = fields.Datetime(
        "Until", copy=False, tracking=True, index=True, help="It ends then by itself.")
    conclusion = fields.Text(copy=False, help="What came of it: said and signed at closing.")
    state = fields.Selection(
        [("draft", "Draft"), ("submitted", "Submitted"), ("approved", "Approved"),
         ("closed", "Closed"), ("refused", "Refused"), ("withdrawn", "Withdrawn")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True)
    approved_at = fields.Datetime("Approved On", readonly=True, copy=False)

    _name_uniq = models.Constraint("UNIQUE (name)", "There is a deviation of this number.")

    @api.constrains("lot_ids", "product_ids")
    def _check_lots(self):
        for deviation in self:
            if strange := deviation.lot_ids.filtered(
                    lambda lot, named=deviation.product_ids: lot.product_id not in named):
                raise ValidationError(self.env._(
                    "Not of a product that is named: %(lots)s.",
                    lots=", ".join(strange[:5].mapped("display_name"))))

    @api.constrains("quantity", "date_from", "date_to")
    def _check_box(self):
        for deviation in self:
            if deviation.quantity < 0:
                raise ValidationError(self.env._("The quantity is not below zero."))
            if deviation.date_from and deviation.date_to and (
                    deviation.date_to <= deviation.date_from):
                raise ValidationError(self.env._("It ends after it begins."))

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{
            **vals, **KEPT_BY_STEPS, "conclusion": False,
            "name": self.env["ir.sequence"].next_by_code("med.deviation") or "/",
        } for vals in vals_list])

    def write(self, vals):
        names = tuple(sorted(KEPT_BY_STEPS.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._(
                "Number, approval and use of a deviation follow from its steps."))
        if "conclusion" in vals and not self.env.su and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("Deviations are concluded by quality assurance."))
        result = super().write(vals)
        if "state" in vals and (reason := self.env.context.get("med_reason")):
            self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, reason))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Deviations are not deleted: drop them with a reason."))

    def _med_is_locked(self, name):
        """Leave the conclusion open until it is signed at closing."""
        return super()._med_is_locked(name) and (name, self.state) != ("conclusion", "approved")

    def _med_risk_class(self):
        return RISKS.get(self.grade, "")
