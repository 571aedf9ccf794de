from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

from ..tools.matching import Subject, Target, match

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
STAGES = [
    ("incoming", "Incoming"), ("in_process", "In Process"), ("final", "Final"),
    ("periodic", "Periodic"), ("return", "Return"), ("clearance", "Line Clearance"),
    ("environment", "Environment"), ("process", "Process Parameters"),
    ("batch", "Process Batch"),
]
GUARDED = ("date_to", "version", "previous_id")


class MedInspectionPlan(models.Model):
    """What is inspected, how, and on how many units (ISO 13485, 7.4.3 and 8.2.6).

    Approved by signature and never changed: a new version takes its place on its date.
    """

    _name = "med.inspection.plan"
    _description = "Inspection Plan"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "code, version desc"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=(
            "name", "code", "version", "stage", "date_from", "company_id", "product_tmpl_ids",
            "categ_ids", "partner_ids", "operation_ids", "workcenter_ids", "second_person",
            "blocking", "release_on_accept", "retention_quantity", "interval_days", "due_days",
            "note", "class_ids.defect_class", "class_ids.method", "class_ids.standard",
            "class_ids.level", "class_ids.aql", "class_ids.mode", "class_ids.ltpd",
            "class_ids.beta", "class_ids.accept", "class_ids.container_rule",
            "class_ids.skip_reason", "class_ids.skip_authority", "characteristic_ids.frozen_text",
            "document_ids.name", "document_ids.kind", "document_ids.required"),
        transitions=(
            Transition("approve", ("draft",), "approved", _lt("Approve"),
                       (Signer("approved", groups=(QUALITY,), differs=("@create_uid",)),),
                       required=("characteristic_ids",), least=1),
            Transition("retire", ("approved",), "retired", _lt("Retire"),
                       (Signer("approved", groups=(QUALITY,)),), least=1, reason=True),
            Transition("expire", ("approved",), "retired", _lt("A Newer Version Applies"),
                       groups=(QUALITY,)),
        ),
        locked=("approved", "retired"),
    )

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, copy=True, default="/", help="The same in every version.")
    version = fields.Integer(required=True, default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "med.inspection.plan", "Version Before", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", check_company=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("retired", "Retired")], required=True,
        default="draft", readonly=True, copy=False, tracking=True, index=True)
    date_from = fields.Date("Valid From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(
        "Valid Until", readonly=True, copy=False, help="From this day on, the next version.")
    stage = fields.Selection(STAGES, required=True, default="incoming", index=True)
    product_tmpl_ids = fields.Many2many("product.template", string="Products", help="Empty: all.")
    categ_ids = fields.Many2many("product.category", string="Product Categories")
    partner_ids = fields.Many2many("res.partner", string="Suppliers", help="Empty: all.")
    operation_ids = fields.Many2many(
        "mrp.routing.workcenter", string="Operations", help="Empty: all.")
    workcenter_ids = fields.Many2many("mrp.workcenter", string="Work Centers", help="Empty: all.")
    second_person = fields.Boolean(
        "Second Person Decides", help="Who submitted the results does not accept the lot.")
    blocking = fields.Boolean(
        default=True, help="Without this inspection a lot is not released.")
    release_on_accept = fields.Boolean(
        "Propose for Release", help="An accepted lot is listed for release, to be signed.")
    retention_quantity = fields.Float("Retention Samples", digits="Product Unit")
    interval_days = fields.Integer("Every (Days)", help="Of a periodic inspection.")
    due_days = fields.Integer("Due After (Days)", default=2)
    note = fields.Text("Instruction", translate=False)
    class_ids = fields.One2many(
        "med.inspection.plan.class", "plan_id", "Sampling", copy=True)
    characteristic_ids = fields.One2many(
        "med.characteristic", "plan_id", "Characteristics", copy=True)
    document_ids = fields.One2many(
        "med.inspection.plan.document", "plan_id", "Required Documents", copy=True)
    inspection_count = fields.Integer("Inspections", compute="_compute_inspection_count")

    _version_uniq = models.Constraint(
        "UNIQUE (company_id, code, version)", "There is this version of the plan already.")

    @api.depends("code", "version", "name")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.code}.{plan.version} {plan.name}" if plan.code else (
                plan.name or "")

    def _compute_inspection_count(self):
        counts = dict(self.env["med.inspection"]._read_group(
            [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]))
        for plan in self:
            plan.inspection_count = counts.get(plan, 0)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        rows = []
        for vals in vals_list:
            row = {**vals, "date_to": False}
            if row.get("code", "/") in (False, "", "/"):
                row["code"] = self.env["ir.sequence"].next_by_code("med.inspection.plan") or "/"
            if not take(self._name, (), ("version", row.get("version"), row.get("previous_id"))):
                row.update(version=1, previous_id=False)
            rows.append(row)
        return super().create(rows)

    def write(self, vals):
        for name in GUARDED:
            if name in vals and not take(self._name, self.ids, (name, str(vals[name]))):
                raise AccessError(self.env._(
                    "Versions and their end follow from approval: make a new version."))
        return super().write(vals)

    def copy_data(self, default=None):
        rows = super().copy_data(default)
        for row in rows:
            if not (default or {}).get("code"):
                row["code"] = "/"
        return rows

    # ------------------------------------------------------------------ versions

    def action_new_version(self):
        """Open a draft of the next version."""
        self.ensure_one()
        self.check_access("read")
        family = self.sudo().search([
            ("code", "=", self.code), ("company_id", "=", self.company_id.id)],
            order="version desc")
        if draft := family.filtered(lambda plan: plan.state == "draft"):
            raise UserError(self.env._(
                "%(plan)s is a draft already: finish it first.", plan=draft[0].display_name))
        version = family[0].version + 1
        with permit(self._name, (), ("version", version, self.id)):
            plan = self.copy({
                "code": self.code, "version": version, "previous_id": self.id,
                "date_from": fields.Date.context_today(self)})
        return {"type": "ir.actions.act_window", "res_model": self._name, "view_mode": "form",
                "res_id": plan.id}

    def action_inspections(self):
        """Open the inspections made by this plan."""
        return {"type": "ir.actions.act_window", "res_model": "med.inspection",
                "view_mode": "list,form", "name": self.env._("Inspections"),
                "domain": [("plan_id", "in", self.ids)]}

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "approve":
            self._check_sound()
        if transition.name == "expire" and not (
                self.date_to and self.date_to <= fields.Date.context_today(self)):
            raise UserError(self.env._("No newer version applies yet."))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name != "approve":
            return
        before = self.search([
            ("code", "=", self.code), ("company_id", "=", self.company_id.id),
            ("state", "=", "approved"), ("id", "!=", self.id)])
        for plan in before:
            with permit(self._name, plan.ids, ("date_to", str(self.date_from))):
                plan.sudo().write({"date_to": self.date_from})
        before._expire()

    def _expire(self):
        today = fields.Date.context_today(self)
        for plan in self.filtered(lambda one: one.date_to and one.date_to <= today):
            leave(plan, "expire", self.env._("A newer version applies."))

    def _check_sound(self):
        """Refuse a plan that no inspection could be judged by."""
        self._freeze(1000, 1000, {})

    # ------------------------------------------------------------------ choice

    @api.model
    def _in_force(self, company, stages):
        """Return the plans of some stages that hold today in a company."""
        today = fields.Date.context_today(self)
        return self.sudo().search(
            Domain("company_id", "=", company.id) & Domain("stage", "in", stages)
            & Domain("state", "=", "approved") & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">", today)), order="id")

    def _targets(self):
        """Return what these plans are for, for :func:`..tools.matching.match`."""
        return [Target(
            plan.id, plan.code, frozenset(plan.product_tmpl_ids.ids), frozenset(plan.categ_ids.ids),
            frozenset(plan.partner_ids.commercial_partner_id.ids),
            frozenset(plan.operation_ids.ids), frozenset(plan.workcenter_ids.ids))
            for plan in self]

    @api.model
    def _subject(self, product, partner=None, operation=None, workcenter=None):
        categories, category = [], product.categ_id
        while category:
            categories.append(category.id)
            category = category.parent_id
        return Subject(
            product.product_tmpl_id.id or None, tuple(categories),
            partner.commercial_partner_id.id if partner else None,
            operation.id if operation else None, workcenter.id if workcenter else None)

    @api.model
    def _match(self, company, stage, product, partner=None, operation=None, workcenter=None):
        """Return the plan for one case, or an empty record."""
        return self._matcher()(company, stage, product, partner, operation, workcenter)

    @api.model
    def _matcher(self):
        """Return :meth:`_match` as a function that reads the plans and each case once."""
        targets, known = {}, {}

        def find(company, stage, product, partner=None, operation=None, workcenter=None):
            place = (company.id, stage)
            if place not in targets:
                targets[place] = self._in_force(company, [stage])._targets()
            if not targets[place]:
                return self.sudo().browse()
            subject = self._subject(product.sudo(), partner, operation, workcenter)
            if (place, subject) not in known:
                known[place, subject] = match(targets[place], subject)
            return self.sudo().browse(known[place, subject] or ())

        return find
