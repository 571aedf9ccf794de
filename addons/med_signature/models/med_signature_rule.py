from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ..tools import machine as rules
from ..tools.machine import Machine, Signer, Transition

_lt = LazyTranslate(__name__)

RISKS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]


class MedSignatureRule(models.Model):
    """Who signs one step, where a firm wants it otherwise than declared, by risk class.

    What the law fixes stays. A rule in force is not changed: a new version takes its place.
    """

    _name = "med.signature.rule"
    _description = "Signing Rule"
    _inherit = ["med.signable.mixin", "mail.thread"]
    _order = "model_id, transition, risk_class, version desc"

    _med_machine = Machine(
        initial="draft",
        content=("model_id", "transition", "risk_class", "company_id", "version", "reason",
                 "line_ids.sequence", "line_ids.meaning_id", "line_ids.group_id",
                 "line_ids.differs"),
        locked=("in_force", "replaced"),
        transitions=(
            Transition(
                "approve", ("draft",), "in_force", _lt("Put in force"),
                (Signer("approved", groups=("med_base.med_base_group_qa",
                                            "med_base.med_base_group_regulatory"),
                        differs=("@create_uid",)),),
                required=("model_id", "transition"), reason=True, least=1,
            ),
            Transition("replace", ("in_force",), "replaced", _lt("Take out of force"),
                       groups=("med_base.med_base_group_qa",), reason=True),
        ),
    )

    model_id = fields.Many2one(
        "ir.model", string="Record Type", required=True, ondelete="cascade",
        domain="[('id', 'in', signable_model_ids)]",
    )
    signable_model_ids = fields.Many2many("ir.model", compute="_compute_signable_model_ids")
    transition = fields.Char(string="Step", required=True, help="Name of the step as declared.")
    steps = fields.Char(compute="_compute_steps", help="The steps this record type declares.")
    diagram = fields.Text(compute="_compute_steps")
    risk_class = fields.Selection(RISKS, help="Empty: every risk class without a rule of its own.")
    company_id = fields.Many2one("res.company", help="Empty: every company.", index=True)
    version = fields.Integer(default=1, readonly=True, copy=False)
    reason = fields.Boolean(string="Reason Needed")
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force"), ("replaced", "Replaced")],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )
    line_ids = fields.One2many("med.signature.rule.line", "rule_id", string="Signers", copy=True)

    _in_force_uniq = models.UniqueIndex(
        "(model_id, transition, COALESCE(risk_class, ''), COALESCE(company_id, 0))"
        " WHERE state = 'in_force'",
        "A rule for this step is in force already.",
    )

    def _compute_signable_model_ids(self):
        names = [name for name, model in self.env.registry.items()
                 if getattr(model, "_med_machine", None) and not model._abstract]
        self.signable_model_ids = self.env["ir.model"].sudo().search([("model", "in", names)])

    @api.depends("model_id")
    def _compute_steps(self):
        meanings = self.env["med.signature.meaning"]._labels()
        for rule in self:
            model = self.env[rule.model_id.sudo().model] if rule.model_id else None
            machine = model is not None and model._med_machine
            rule.steps = machine and ", ".join(
                f"{one.name} ({model._med_word(one.label)})"
                for one in machine.transitions if one.signers)
            rule.diagram = machine and model._med_draw(meanings)

    @api.depends("model_id", "transition", "version")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = f"{rule.model_id.name} / {rule.transition} / {rule.version}"

    @api.constrains("model_id", "transition", "line_ids")
    def _check_allowed(self):
        for rule in self:
            model = self.env.get(rule.model_id.sudo().model)
            machine = getattr(model, "_med_machine", None)
            declared = machine and next(
                (one for one in machine.transitions if one.name == rule.transition), None)
            if not declared or not declared.signers:
                raise ValidationError(self.env._(
                    "“%(model)s” has no signed step “%(step)s”.",
                    model=rule.model_id.name, step=rule.transition))
            try:
                rules.configured(declared, rule._get_signers())
            except rules.MachineError as error:
                raise ValidationError(self.env._(
                    "The law leaves less freedom here: %(error)s.", error=str(error))) from error

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        for rule in created:
            rule.version = 1 + max(self.sudo().search([
                ("id", "!=", rule.id), ("model_id", "=", rule.model_id.id),
                ("transition", "=", rule.transition), ("risk_class", "=", rule.risk_class),
                ("company_id", "=", rule.company_id.id),
            ]).mapped("version"), default=0)
        return created

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.env["med.audit.entry"].sudo()._record_event(
            "signing_rule", record=self, payload={"step": transition.name})

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "approve" and self.search_count([
                ("state", "=", "in_force"), ("model_id", "=", self.model_id.id),
                ("transition", "=", self.transition), ("risk_class", "=", self.risk_class),
                ("company_id", "=", self.company_id.id)]):
            raise UserError(self.env._("Take the version in force out of force first."))

    def action_new_version(self):
        """Open a draft of the next version."""
        self.ensure_one()
        new = self.copy()
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": new.id,
                "views": [(False, "form")]}

    def _get_signers(self):
        return tuple(
            Signer(line.meaning_id.code,
                   groups=tuple(line.group_id._get_external_ids()[line.group_id.id][:1])
                   if line.group_id else (),
                   differs=tuple(name.strip() for name in (line.differs or "").split(",")
                                 if name.strip()))
            for line in self.sudo().line_ids.sorted(lambda line: (line.sequence, line.id)))

    @api.model
    def _apply(self, transition, record):
        """Return a declared transition as the rule in force leaves it for a record."""
        if not transition.signers:
            return transition
        company = "company_id" in record._fields and record.sudo().company_id.id
        risk = record.sudo()._med_risk_class()
        found = self.sudo().search([
            ("state", "=", "in_force"), ("model_id.model", "=", record._name),
            ("transition", "=", transition.name), ("risk_class", "in", [False, risk or False]),
            ("company_id", "in", [False, company]),
        ], order="risk_class NULLS LAST, company_id NULLS LAST", limit=1)
        if not found:
            return transition
        return rules.configured(transition, found._get_signers(), found.reason)
