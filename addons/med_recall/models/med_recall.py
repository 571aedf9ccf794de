from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
REGULATORY = "med_base.med_base_group_regulatory"
DECIDERS = (QUALITY, REGULATORY)
ORIGINS = [
    ("nonconformity", "Nonconformity"), ("complaint", "Complaint"),
    ("supplier", "Supplier's Notice"), ("maker", "Maker's Recall"),
    ("authority", "Authority's Order"), ("own", "Own Decision"),
]
ACTIONS = [
    ("warn", "Warn"), ("check", "Check"), ("repair", "Repair"), ("relabel", "Relabel"),
    ("instructions", "New Instructions"), ("software", "Update Software"),
    ("replace", "Replace"), ("take_back", "Take Back"), ("destroy", "Destroy"),
]
# Written by the steps alone; the value that a new recall has.
STEPPED = {"name": "/", "opened_at": False, "stopped_at": False, "located_at": False,
           "decided_at": False, "initiated_at": False, "completed_at": False,
           "terminated_at": False}
SAID = ("name", "role", "drill", "drill_holds", "origin", "origin_partner_id",
        "origin_reference", "summary", "reason", "aware_at")
HAZARD = ("hazard_event", "hazard_conditions", "hazard_population", "hazard_seriousness",
          "hazard_likelihood", "hazard_consequences", "hazard_conclusion", "assessor_ids")
ASSESSED = (*SAID, *HAZARD, "level_ids.jurisdiction_id", "level_ids.class_id", "level_ids.kind")
DECIDED = (*ASSESSED, "action", "instruction", "action_line_ids.product_id",
           "action_line_ids.lot_id", "action_line_ids.action", "action_line_ids.instruction",
           "scope_digest")
ORDER = ("open", "assessed", "decided", "completed")
ENDED = ("terminated", "not_recall")


def _roots(paths):
    return {path.partition(".")[0] for path in paths}


# Signed field → the state from which it is not changed any more; the rest: once it has ended.
LOCKED_FROM = {
    "effect": "completed",
    **dict.fromkeys(_roots(DECIDED), "decided"),
    **dict.fromkeys(_roots(ASSESSED), "assessed"),
}


class MedRecall(models.Model):
    """A recall, correction, removal or field safety corrective action.

    1. open: something may be wrong; lots may be stopped at once
    2. assessed: the health hazard is judged by named persons, a level given per jurisdiction
    3. decided: the scope is frozen, everything in it stands still, consignees are told
    4. completed: each unit has its final state
    5. terminated: everything was reported; or not a recall: decided so, with reasons

    (CFDA Order 29 of 2017; 21 CFR 7.40-7.59 and 806; MDR Art. 87-89; ISO 13485, 8.2.3 and 8.3.3.)
    """

    _name = "med.recall"
    _description = "Recall"
    _inherit = ["med.stepped.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ("name", "summary")
    _check_company_auto = True

    _med_machine = Machine(
        initial="open",
        content=DECIDED,
        transitions=(
            Transition("assess", ("open",), "assessed", _lt("Assess"),
                       (Signer("reviewed", groups=DECIDERS),), content=ASSESSED,
                       required=("reason", "aware_at", *HAZARD, "level_ids.class_id"), least=1),
            Transition("revise", ("assessed",), "open", _lt("Assess Anew"), groups=DECIDERS,
                       reason=True, restart=True),
            Transition("decide", ("assessed",), "decided", _lt("Decide the Recall"),
                       (Signer("approved", groups=DECIDERS, differs=("reviewed",),
                               fixed=("reviewed",)),),
                       required=("action", "instruction", "scope_digest"), least=1),
            Transition("refuse", ("open", "assessed"), "not_recall", _lt("Not a Recall"),
                       (Signer("approved", groups=DECIDERS, differs=("@create_uid",)),),
                       content=(*SAID, "conclusion"), required=("reason", "conclusion"), least=1),
            Transition("complete", ("decided",), "completed", _lt("Complete"),
                       (Signer("verified", groups=DECIDERS),), content=(*DECIDED, "effect"),
                       required=("effect",), least=1),
            Transition("resume", ("completed",), "decided", _lt("Take Up Again"),
                       groups=DECIDERS, reason=True, restart=True),
            Transition("terminate", ("completed",), "terminated", _lt("Terminate"),
                       (Signer("approved", groups=DECIDERS, differs=("verified",),
                               fixed=("verified",)),), content=(*DECIDED, "effect", "conclusion"),
                       required=("conclusion",), least=1),
        ),
        locked=("decided", "completed", *ENDED),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    drill = fields.Boolean(
        index=True, tracking=True, help="A mock recall: no notice leaves, every print is marked.")
    drill_holds = fields.Selection(
        [("simulated", "Simulated"), ("real", "Real")], "Holds of the Drill", required=True,
        default="simulated", help="Whether a drill really stops the lots in its scope.")
    role = fields.Selection(
        [("maker", "Maker"), ("distributor", "Distributor")], "We Are", required=True,
        default="maker", tracking=True, help=(
            "The maker decides on his own devices; a distributor carries out a maker's recall, "
            "and answers upward."))
    origin = fields.Selection(ORIGINS, required=True, default="own", tracking=True, index=True)
    origin_partner_id = fields.Many2one(
        "res.partner", "From", index="btree_not_null", tracking=True,
        help="The supplier, maker, authority or customer it came from.")
    origin_reference = fields.Char("Their Reference", tracking=True)
    summary = fields.Char("In One Sentence", required=True, tracking=True)
    reason = fields.Text(help="What is wrong, when and how it was found.")
    aware_at = fields.Datetime(
        "Aware Since", tracking=True, default=fields.Datetime.now,
        help="When it was known first: several clocks begin here.")
    owner_id = fields.Many2one(
        "res.users", "Recall Coordinator", index=True, tracking=True,
        default=lambda self: self.env.user)
    assessor_ids = fields.Many2many(
        "res.users", "med_recall_assessor_rel", string="Assessors",
        help="Who judged the health hazard.")
    hazard_event = fields.Text("Harm So Far", help="Disease or injury that has occurred.")
    hazard_conditions = fields.Text("Conditions", help="What could bring harm about.")
    hazard_population = fields.Text("Who Is Exposed", help="And who of them is at greatest risk.")
    hazard_seriousness = fields.Text("Seriousness")
    hazard_likelihood = fields.Text("Likelihood")
    hazard_consequences = fields.Text("Consequences", help="At once, and in the long run.")
    hazard_conclusion = fields.Text("Conclusion of the Assessment")
    level_ids = fields.One2many("med.recall.level", "recall_id", "Levels")
    action = fields.Selection(
        ACTIONS, "What Is Done", tracking=True,
        help="With each unit; single lots may be treated otherwise.")
    instruction = fields.Text("Instructions", help="What whoever has a unit is to do.")
    action_line_ids = fields.One2many("med.recall.action.line", "recall_id", "Otherwise For")
    criterion_ids = fields.One2many("med.recall.criterion", "recall_id", "Criteria")
    scope_ids = fields.One2many("med.recall.scope", "recall_id", "Scopes", readonly=True)
    scope_id = fields.Many2one(
        "med.recall.scope", "Present Scope", compute="_compute_scope", compute_sudo=True)
    scope_digest = fields.Char(
        "SHA-256 of the Scope", compute="_compute_scope", compute_sudo=True,
        help="Of the scope that is decided about: lots, and what of them consignees received.")
    consignee_ids = fields.One2many(
        "med.recall.consignee", "recall_id", "Consignees", readonly=True)
    effect = fields.Text("Effect of the Recall", help="What was reached, and how that is known.")
    conclusion = fields.Text(help="Why it is no recall; or, at the end, what follows.")
    opened_at = fields.Datetime("Opened", readonly=True, copy=False)
    stopped_at = fields.Datetime("Stopped", readonly=True, copy=False)
    located_at = fields.Datetime("Located", readonly=True, copy=False,
                                 help="When the first scope was complete.")
    decided_at = fields.Datetime("Decided", readonly=True, copy=False, index=True)
    initiated_at = fields.Datetime("Initiated", readonly=True, copy=False,
                                   help="When the first consignee was told.")
    completed_at = fields.Datetime("Completed", readonly=True, copy=False)
    terminated_at = fields.Datetime("Ended", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Suspected"), ("assessed", "Assessed"), ("decided", "Under Way"),
         ("completed", "Completed"), ("terminated", "Terminated"),
         ("not_recall", "Not a Recall")],
        required=True, default="open", readonly=True, copy=False, tracking=True, index=True,
        group_expand="_med_expand_state")

    _name_uniq = models.Constraint("UNIQUE (name)", "There is a recall of this number.")

    @api.depends("summary", "drill")
    def _compute_display_name(self):
        for record in self:
            name = f"{record.name}: {record.summary}" if record.summary else record.name
            # The number of a drill says what it is, unless its sequence was changed.
            marked = not record.drill or name.startswith("DRILL")
            record.display_name = name if marked else self.env._("DRILL %s", name)

    @api.model
    def _med_expand_state(self, states, _domain):
        """Return the columns of the board: an end only where something has come to it."""
        return [one for one, _name in self._fields["state"].selection
                if one in states or one not in ENDED]

    @api.depends("scope_ids.state", "scope_ids.number")
    def _compute_scope(self):
        for record in self:
            newest = record.scope_ids.sorted("number")[-1:]
            frozen = record.scope_ids.filtered(lambda one: one.state == "frozen")
            record.scope_id = frozen.sorted("number")[-1:] or newest
            # What a decision signs is the first frozen scope; later ones are signed themselves.
            record.scope_digest = (frozen.sorted("number")[:1] or newest).digest

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{
            "company_id": self.env.company.id, "owner_id": self.env.uid, "level_ids": [],
            "criterion_ids": [], "assessor_ids": [], "action_line_ids": [], "drill": False,
            "drill_holds": "simulated", **vals, **STEPPED,
            "name": self.env["ir.sequence"].next_by_code(
                "med.recall.drill" if vals.get("drill") else self._name) or "/",
            "opened_at": fields.Datetime.now(),
        } for vals in vals_list])

    def write(self, vals):
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("Number and times of a recall follow from its steps."))
        if vals.keys() & {"drill", "company_id"} and any(
                vals.get("drill", one.drill) != one.drill
                or vals.get("company_id", one.company_id.id) != one.company_id.id
                for one in self):
            raise AccessError(self.env._(
                "A drill does not become a recall, nor a recall a drill, and each stays in its "
                "company."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Recalls are not deleted: decide that it is none."))

    def copy(self, default=None):
        raise UserError(self.env._("A recall is not copied: open a new one."))

    def _med_check_decider(self):
        if not self.env.su and not any(self.env.user.has_group(one) for one in DECIDERS):
            raise AccessError(self.env._("This is for quality assurance or regulatory affairs."))

    def _med_is_locked(self, name):
        if self.state in ENDED:
            return True
        start = LOCKED_FROM.get(name)
        return start in ORDER and ORDER.index(self.state) >= ORDER.index(start)
