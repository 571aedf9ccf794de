from dataclasses import replace

from odoo import api, fields, models
from odoo.addons.med_inspection.models.med_defect_code import CLASSES
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
RELEASE = "med_base.med_base_group_qa_release"
SOURCES = [
    ("inspection", "Inspection"), ("receipt", "Receipt"), ("production", "Production"),
    ("stock", "Stock"), ("return", "Return"), ("hold", "Hold"), ("use", "Device in Use"),
    ("audit", "Audit"), ("other", "Other"),
]
RISKS = {"critical": "high", "major": "medium", "minor": "low"}
BORN = {"name", "company_id", "source", "source_model", "source_id", "reported_by_id",
        "reported_at", "event_time"}
SAID = ("name", "source", "summary", "description", "event_time", "reported_by_id", "product_id",
        "partner_id", "production_id", "defect_class")
EVALUATED = (*SAID, "evaluation", "investigation", "investigation_reason")
DECIDED = (*EVALUATED, "gone_action", "line_ids.lot_id", "line_ids.quantity", "line_ids.decision",
           "line_ids.instruction", "line_ids.note", "line_ids.concession_id")


class MedNonconformity(models.Model):
    """Product that does not conform, from the first report to the last unit (ISO 13485, 8.3).

    Anybody reports it; quality assurance evaluates it, decides about every lot and closes it when
    stock has become what was decided. A part of a lot that is decided otherwise than the rest has
    a number of its own, so that one lot has one decision.
    """

    _name = "med.nonconformity"
    _description = "Nonconformity"
    _inherit = ["med.ending.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ("name", "summary")

    _med_machine = Machine(
        initial="reported",
        content=DECIDED,
        transitions=(
            Transition("evaluate", ("reported",), "evaluated", _lt("Evaluate"),
                       (Signer("reviewed", groups=(QUALITY,)),), content=EVALUATED,
                       required=("defect_class", "evaluation", "investigation",
                                 "investigation_reason"), least=1),
            Transition("decide", ("evaluated",), "decided", _lt("Decide"),
                       (Signer("approved", groups=(QUALITY, RELEASE)),), least=1),
            Transition("revise", ("decided",), "evaluated", _lt("Decide Anew"),
                       groups=(QUALITY,), reason=True, restart=True),
            Transition("close", ("decided",), "closed", _lt("Close"),
                       (Signer("verified", groups=(QUALITY,)),), content=(*DECIDED, "conclusion"),
                       required=("conclusion",), least=1),
            Transition("cancel", ("reported",), "cancelled", _lt("No Nonconformity"),
                       (Signer("reviewed", groups=(QUALITY,), differs=("@reported_by_id",),
                               fixed=("@reported_by_id",)),),
                       content=(*SAID, "conclusion"), required=("conclusion",), least=1),
        ),
        locked=("closed", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    summary = fields.Char("What Is Wrong", required=True, tracking=True)
    description = fields.Text()
    source = fields.Selection(SOURCES, required=True, readonly=True, index=True)
    source_model = fields.Char("Source Document Model", readonly=True)
    source_id = fields.Many2oneReference(
        "Source Document", model_field="source_model", readonly=True, index="btree_not_null")
    event_time = fields.Datetime("Seen", required=True, readonly=True)
    reported_by_id = fields.Many2one("res.users", "Reported By", required=True, readonly=True)
    reported_at = fields.Datetime("Reported", required=True, readonly=True)
    owner_id = fields.Many2one(
        "res.users", "Owner", index=True, tracking=True, help="Who sees to it that it is closed.")
    date_due = fields.Date("Due", tracking=True, index=True)
    defect_code_id = fields.Many2one("med.defect.code", "Defect", index="btree_not_null",
                                     check_company=True, tracking=True, ondelete="restrict")
    defect_class = fields.Selection(
        CLASSES, "Class", tracking=True, index=True, help="Critical: two persons decide.")
    product_id = fields.Many2one("product.product", index="btree_not_null", check_company=True,
                                 tracking=True, ondelete="restrict")
    partner_id = fields.Many2one("res.partner", "Supplier", index="btree_not_null", tracking=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", check_company=True)
    production_id = fields.Many2one("mrp.production", "Order", check_company=True)
    workorder_id = fields.Many2one("mrp.workorder", "Operation")
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", check_company=True)
    location_id = fields.Many2one("stock.location", "Place", check_company=True)
    equipment = fields.Char()
    evaluation = fields.Text(
        help="What is wrong, how far it reaches, and what it means for safety and performance.")
    investigation = fields.Selection(
        [("needed", "Needed"), ("not_needed", "Not Needed")], "Investigation of the Cause",
        tracking=True)
    investigation_reason = fields.Text("Grounds", help="Why it is needed, or not (ISO 13485, "
                                       "8.3.1).")
    gone_action = fields.Text("What Is Done About Goods Outside", help=(
        "About what left before it was found: advisory notice, recall, or why neither is needed "
        "(ISO 13485, 8.3.3)."))
    conclusion = fields.Text(help="What was done, and that nothing is left.")
    line_ids = fields.One2many("med.nonconformity.line", "nonconformity_id", "Lots")
    candidate_ids = fields.One2many(
        "med.nonconformity.candidate", "nonconformity_id", "Lots That May Share the Cause")
    state = fields.Selection(
        [("reported", "Reported"), ("evaluated", "Evaluated"), ("decided", "Decided"),
         ("closed", "Closed"), ("cancelled", "No Nonconformity")], required=True,
        default="reported", readonly=True, copy=False, tracking=True, index=True,
        group_expand="_med_expand_state")
    lot_count = fields.Integer("Number of Lots", compute="_compute_lot_count")
    hold_count = fields.Integer("Open Holds", compute="_compute_counts")
    gone_count = fields.Integer("Lots Partly Outside", compute="_compute_counts")
    age_days = fields.Integer("Age (Days)", compute="_compute_age")

    _name_uniq = models.Constraint("UNIQUE (name)", "There is a nonconformity of this number.")

    # ------------------------------------------------------------------ what is shown

    @api.depends("summary")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.name}: {record.summary}" if record.summary else (
                record.name)

    @api.depends("line_ids")
    def _compute_lot_count(self):
        for record in self:
            record.lot_count = len(record.line_ids)

    @api.depends("line_ids.lot_id.med_hold_count")
    def _compute_counts(self):
        for record in self:
            record.hold_count = len(record.sudo()._med_holds())
            record.gone_count = len(record.line_ids.filtered("gone"))

    @api.depends("reported_at", "closed_at")
    def _compute_age(self):
        now = fields.Datetime.now()
        for record in self:
            record.age_days = ((record.closed_at or now) - record.reported_at).days if (
                record.reported_at) else 0

    @api.model
    def _med_expand_state(self, states, _domain):
        """Return the columns of the board: an end only where something has come to it."""
        return [one for one, _name in self._fields["state"].selection
                if one in states or one not in ("closed", "cancelled")]

    def _med_source_name(self):
        """Return the name of the document that this comes from, for the paper."""
        if not self.source_model or self.source_model not in self.env:
            return ""
        return self.env[self.source_model].sudo().browse(self.source_id).exists().display_name or ""

    @api.onchange("defect_code_id")
    def _onchange_defect_code_id(self):
        self.defect_class = self.defect_code_id.defect_class or self.defect_class

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "report"):
            raise AccessError(self.env._("A nonconformity is reported: use “Report a Problem”."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and BORN & vals.keys():
            raise AccessError(self.env._("What was reported stays: add to the description."))
        if vals.get("defect_code_id") and "defect_class" not in vals:
            vals = {**vals, "defect_class": self.env["med.defect.code"].browse(
                vals["defect_code_id"]).defect_class}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Nonconformities are not deleted: say why it is none."))

    def copy(self, default=None):
        raise UserError(self.env._("A nonconformity is not copied: report a new one."))

    # ------------------------------------------------------------------ signing

    def _med_risk_class(self):
        return RISKS.get(self.defect_class, "")

    def _med_find_transition(self, name):
        return self._med_board(super()._med_find_transition(name))

    def _med_transitions(self):
        return [self._med_board(one) for one in super()._med_transitions()]

    def _med_board(self, transition):
        """Return the step with a second signer where a critical defect is decided."""
        if transition.name != "decide" or self.defect_class != "critical" or (
                len(transition.signers) > 1):
            return transition
        second = Signer("approved", groups=(QUALITY, RELEASE))
        return replace(transition, signers=(*transition.signers, second), least=2)
