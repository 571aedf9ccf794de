from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from .med_inspection_plan import STAGES

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
INSPECTOR = "med_base.med_base_group_inspector"
OPERATOR = "med_base.med_base_group_operator"
SHOP_STAGES = ("in_process", "clearance", "process", "environment")
VERDICTS = [
    ("pending", "Open"), ("accepted", "Acceptable"), ("not_accepted", "Not Acceptable"),
    ("incomplete", "Incomplete"), ("omitted", "Not Drawn"),
]
EDITABLE = ("user_id", "date_due", "equipment", "conclusion", "concession_reference",
            "concession_quantity")
CONCESSION = ("concession_reference", "concession_quantity")


RESULTS = (
    "name", "company_id", "stage", "plan_id", "plan_version", "frozen_digest", "product_id",
    "lot_id", "lot_ids", "quantity", "partner_id", "production_id", "workorder_id", "seed",
    "verdict", "readings_digest")
DECISION = (*RESULTS, "conclusion", "concession_reference", "concession_quantity",
            "document_ids.name", "document_ids.sha256", "document_ids.ok", "document_ids.note")


class MedInspection(models.Model):
    """One lot looked at by a plan that was frozen when the inspection began (ISO 13485, 8.2.6).

    Made by itself or by :meth:`request`. Its readings are entered by :meth:`enter` and never
    overwritten; its verdict follows from them alone.
    """

    _name = "med.inspection"
    _description = "Inspection"
    _inherit = ["med.stepped.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _med_machine = Machine(
        initial="open",
        content=DECISION,
        transitions=(
            Transition("submit", ("open",), "submitted", _lt("Submit Results"),
                       (Signer("performed", groups=(INSPECTOR, OPERATOR, QUALITY)),),
                       content=RESULTS, least=1),
            Transition("accept", ("submitted",), "accepted", _lt("Accept"),
                       (Signer("checked", groups=(INSPECTOR, OPERATOR, QUALITY)),), least=1),
            Transition("concession", ("submitted",), "concession", _lt("Accept by Concession"),
                       (Signer("approved", groups=(QUALITY,), differs=("performed",),
                               fixed=("performed",)),),
                       required=("conclusion", "concession_reference"), least=1),
            Transition("reject", ("open", "submitted"), "rejected", _lt("Reject"),
                       (Signer("rejected", groups=(INSPECTOR, OPERATOR, QUALITY)),),
                       required=("conclusion",), least=1),
            Transition("cancel", ("open",), "cancelled", _lt("Cancel"),
                       groups=(INSPECTOR, QUALITY), reason=True),
        ),
        locked=("accepted", "concession", "rejected", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    stage = fields.Selection(STAGES, required=True, readonly=True, index=True)
    plan_id = fields.Many2one(
        "med.inspection.plan", required=True, readonly=True, index=True, ondelete="restrict")
    plan_version = fields.Integer("Version of the Plan", readonly=True)
    frozen = fields.Json("Plan as Frozen", readonly=True)
    frozen_digest = fields.Char("SHA-256 of the Plan", readonly=True)
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="restrict")
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial", readonly=True, index="btree_not_null", ondelete="restrict",
        help="The first one where the units of the lot are serials.")
    lot_ids = fields.Many2many("stock.lot", string="Lots and Serials", readonly=True)
    quantity = fields.Integer("Lot Size", readonly=True, help="Whole units, rounded up.")
    picking_id = fields.Many2one("stock.picking", readonly=True, index="btree_not_null")
    move_id = fields.Many2one("stock.move", readonly=True, index="btree_not_null")
    production_id = fields.Many2one("mrp.production", readonly=True, index="btree_not_null")
    workorder_id = fields.Many2one("mrp.workorder", readonly=True, index="btree_not_null")
    workcenter_id = fields.Many2one("mrp.workcenter", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", "Supplier", readonly=True, index="btree_not_null")
    equipment = fields.Char(tracking=True)
    date_due = fields.Datetime("Due", tracking=True, index=True)
    user_id = fields.Many2one("res.users", "Inspector", index=True, tracking=True)
    seed = fields.Char("Seed of the Draw", readonly=True, help=(
        "The units with the smallest SHA-256 of seed, line feed and unit are drawn."))
    state = fields.Selection(
        [("open", "Open"), ("submitted", "Submitted"), ("accepted", "Accepted"),
         ("concession", "Accepted by Concession"), ("rejected", "Rejected"),
         ("cancelled", "Cancelled")], required=True, default="open", readonly=True, copy=False,
        tracking=True, index=True)
    verdict = fields.Selection(VERDICTS, required=True, default="pending", readonly=True)
    missing_count = fields.Integer("Values Missing", readonly=True)
    fail_count = fields.Integer("Values Not Passed", readonly=True)
    correction_count = fields.Integer("Corrections", readonly=True)
    doubtful = fields.Boolean("Changed to Pass", readonly=True, help=(
        "A value that did not pass was corrected to one that does: another person than who "
        "submitted and who corrected decides."))
    readings_digest = fields.Char("SHA-256 of the Readings", compute="_compute_readings_digest")
    blocking = fields.Boolean(readonly=True, help="Without it the lot is not released.")
    severity = fields.Char("Severity", compute="_compute_severity")
    sample_ids = fields.One2many(
        "med.inspection.sample", "inspection_id", "Drawn Units", readonly=True)
    reading_ids = fields.One2many("med.reading", "inspection_id", "Readings", readonly=True)
    document_ids = fields.One2many("med.inspection.document", "inspection_id", "Documents")
    oos_ids = fields.One2many(
        "med.inspection.oos", "inspection_id", "Out-of-Specification Records", readonly=True)
    resubmission_of_id = fields.Many2one(
        "med.inspection", "Inspected Before", readonly=True, index="btree_not_null",
        ondelete="restrict")
    concession_reference = fields.Char("Concession", tracking=True, help=(
        "Number of the approved document that allows it."))
    concession_quantity = fields.Integer("Units Under Concession", tracking=True)
    conclusion = fields.Text(tracking=True)
    submitted_at = fields.Datetime("Submitted", readonly=True)
    decided_at = fields.Datetime("Decided", readonly=True)
    needed_at = fields.Datetime("Needed", compute="_compute_needed_at")
    priority = fields.Integer(
        compute="_compute_needed_at", help="0: nothing waits; 1: something waits; 2: it is late.")

    _name_uniq = models.Constraint("UNIQUE (name)", "There is an inspection of this number.")

    # ------------------------------------------------------------------ what is shown

    @api.depends("frozen")
    @api.depends_context("lang")
    def _compute_severity(self):
        words = dict(self.env["med.switching"]._fields["severity"]._description_selection(self.env))
        for inspection in self:
            found = {row["severity"] for row in (inspection.frozen or {}).get(
                "classes", {}).values()} - {""}
            worst = next((name for name in ("stopped", "tightened", "normal", "reduced")
                          if name in found), "")
            inspection.severity = words.get(worst, "")

    @api.depends("reading_ids", "oos_ids.state")
    def _compute_readings_digest(self):
        for inspection in self:
            inspection.readings_digest = inspection._digest_readings()

    def _compute_needed_at(self):
        """Ask what production or a delivery waits for, first of all."""
        now = fields.Datetime.now()
        waiting = dict(self.env["stock.move"].sudo()._read_group(
            [("product_id", "in", self.product_id.ids), ("state", "in", (
                "confirmed", "partially_available")), ("location_id.usage", "=", "internal")],
            ["product_id"], ["date:min"]))
        for inspection in self:
            needed = inspection.production_id.date_start if (
                inspection.stage in SHOP_STAGES) else waiting.get(inspection.product_id)
            inspection.needed_at = needed
            inspection.priority = 0 if not needed else 2 if needed < now else 1

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "make"):
            raise AccessError(self.env._(
                "Inspections begin by themselves, or are requested for a lot."))
        guarded = dict.fromkeys(self._med_fixed(), False)
        # Written out, so that no default of the caller's context or of a user gets in.
        rows = [{**guarded, **dict.fromkeys(EDITABLE, False), "verdict": "pending", **vals}
                for vals in vals_list]
        return super().create(rows)

    @api.model
    def _med_fixed(self):
        """Return the fields that only the inspection's own methods write."""
        machine = {self._med_machine.field, "med_signature_round", "med_signature_ids"}
        return [name for name, field in self._fields.items()
                if field.store and field.type != "one2many"
                and field._module == "med_inspection"
                and name not in EDITABLE and name not in machine and name != "verdict"]

    def write(self, vals):
        names = sorted(name for name in vals
                       if name == "verdict" or name in self._med_fixed()
                       or name in ("sample_ids", "reading_ids", "oos_ids"))
        if names and not take(self._name, self.ids, tuple(names)):
            raise AccessError(self.env._(
                "What an inspection found is entered as readings and decided by signature."))
        if set(CONCESSION) & vals.keys() and not self.env.su and not (
                self.env.user.has_group(QUALITY)):
            raise AccessError(self.env._("Concessions are for quality assurance."))
        if not self.env.su and set(EDITABLE) & vals.keys():
            self._check_may_work()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Inspections are not deleted: cancel them with a reason."))

    def copy(self, default=None):
        raise UserError(self.env._("An inspection is not copied: request one for the lot."))

    def _check_may_work(self):
        """Refuse who neither inspects nor, on the shop floor, works there."""
        user = self.env.user
        if self.env.su or user.has_group(INSPECTOR) or user.has_group(QUALITY):
            return
        if user.has_group(OPERATOR) and all(one.stage in SHOP_STAGES for one in self):
            return
        raise AccessError(self.env._("Your role does not inspect here."))

    # ------------------------------------------------------------------ actions

    def action_enter(self):
        """Open the page on which results are entered."""
        self.ensure_one()
        return {"type": "ir.actions.client", "tag": "med_inspection.entry", "name": self.name,
                "params": {"inspection": self.id}}

    def action_readings(self):
        """Open all readings, those corrected included."""
        return {"type": "ir.actions.act_window", "res_model": "med.reading", "view_mode": "list",
                "name": self.env._("Readings"), "domain": [("inspection_id", "in", self.ids)]}
