from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from .med_inspection import INSPECTOR, OPERATOR, QUALITY
from .med_inspection_make import Wanted

_lt = LazyTranslate(__name__)

WAREHOUSE = "med_base.med_base_group_warehouse"
PROCESSES = [
    ("sterilisation_eo", "Sterilisation, Ethylene Oxide"),
    ("sterilisation_radiation", "Sterilisation, Radiation"),
    ("sterilisation_moist_heat", "Sterilisation, Moist Heat"),
    ("sterilisation_other", "Sterilisation, Other"),
    ("cleaning", "Cleaning"), ("coating", "Coating"), ("heat_treatment", "Heat Treatment"),
    ("other", "Other"),
]
RUN = ("name", "process", "company_id", "partner_id", "workcenter_id", "equipment", "number",
       "cycle", "started_at", "ended_at", "line_ids.lot_id", "line_ids.quantity", "line_ids.note")
PASSED = ("accepted", "concession")
RECORDED = ("processed", "accepted")


class MedProcessBatch(models.Model):
    """One run of a batch process: a sterilisation load, a coating charge (ISO 13485, 7.5.7).

    It lists lots and quantities that went through together. Its acceptance counts for these
    quantities alone: what of a lot was in no accepted run is not released.
    """

    _name = "med.process.batch"
    _description = "Process Batch"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _med_machine = Machine(
        initial="open",
        content=(*RUN, "indicator_lot", "indicator_result", "indicator_read_at",
                 "aeration_started_at", "aeration_ended_at", "residuals", "inspections_digest",
                 "conclusion"),
        transitions=(
            Transition("run", ("open",), "processed", _lt("Record the Run"),
                       (Signer("performed", groups=(OPERATOR, INSPECTOR, QUALITY)),),
                       required=("number", "started_at", "ended_at", "line_ids.lot_id"), least=1,
                       content=RUN),
            Transition("accept", ("processed",), "accepted", _lt("Accept"),
                       (Signer("approved", groups=(INSPECTOR, QUALITY), differs=("performed",),
                               fixed=("performed",)),), least=1),
            Transition("reject", ("open", "processed"), "rejected", _lt("Reject"),
                       (Signer("rejected", groups=(INSPECTOR, QUALITY)),),
                       required=("conclusion", "line_ids.lot_id"), least=1),
            Transition("cancel", ("open",), "cancelled", _lt("Cancel"),
                       groups=(OPERATOR, INSPECTOR, QUALITY), reason=True),
        ),
        locked=("accepted", "rejected", "cancelled"),
    )

    name = fields.Char("Reference", required=True, readonly=True, copy=False, default="/")
    process = fields.Selection(
        PROCESSES, required=True, default="sterilisation_eo", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        "res.partner", "Processor", tracking=True, help="Empty: at an own site.")
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Centre", check_company=True)
    equipment = fields.Char(tracking=True, help="Steriliser, chamber, furnace.")
    number = fields.Char(
        "Load Number", copy=False, tracking=True, index="trigram",
        help="As on the processor's record.")
    cycle = fields.Char(tracking=True, help="Validated cycle or programme, with its revision.")
    started_at = fields.Datetime("Started", copy=False, tracking=True)
    ended_at = fields.Datetime("Ended", copy=False, tracking=True)
    indicator_lot = fields.Char("Indicator Lot", copy=False, tracking=True)
    indicator_result = fields.Selection(
        [("pending", "Waited For"), ("no_growth", "No Growth"), ("growth", "Growth"),
         ("not_used", "Not Used (Parametric Release)")], "Biological Indicator",
        required=True, default="pending", copy=False, tracking=True,
        help="Asked for at sterilisation.")
    indicator_read_at = fields.Datetime("Indicator Read", copy=False, tracking=True)
    aeration_started_at = fields.Datetime("Aeration Started", copy=False, tracking=True)
    aeration_ended_at = fields.Datetime("Aeration Ended", copy=False, tracking=True)
    residuals = fields.Selection(
        [("pending", "Waited For"), ("within", "Within Limits"), ("above", "Above Limits"),
         ("not_applicable", "Not Applicable")], required=True, default="pending", copy=False,
        tracking=True, help="Asked for at ethylene oxide (ISO 10993-7).")
    conclusion = fields.Text(copy=False, tracking=True)
    state = fields.Selection(
        [("open", "Being Loaded"), ("processed", "Processed"), ("accepted", "Accepted"),
         ("rejected", "Rejected"), ("cancelled", "Cancelled")], required=True, default="open",
        readonly=True, copy=False, tracking=True, index=True)
    line_ids = fields.One2many("med.process.batch.line", "batch_id", "Lots")
    lot_count = fields.Integer("Number of Lots", compute="_compute_lot_count")
    production_id = fields.Many2one(
        "mrp.production", "Lots of Order", store=False, check_company=True,
        help="Adds what this order made.")
    inspection_ids = fields.One2many(
        "med.inspection", "process_batch_id", "Inspections", readonly=True)
    inspections_digest = fields.Char(
        "Inspections as Signed", compute="_compute_inspections_digest",
        help="Number and state of each inspection of the run.")

    _number_uniq = models.UniqueIndex(
        "(company_id, COALESCE(partner_id, 0), process, number) "
        "WHERE number IS NOT NULL AND state <> 'cancelled'",
        "This load number is recorded already for this process.")

    @api.depends("line_ids")
    def _compute_lot_count(self):
        for batch in self:
            batch.lot_count = len(batch.line_ids)

    @api.depends("inspection_ids.state")
    def _compute_inspections_digest(self):
        for batch in self.sudo():
            batch.inspections_digest = ", ".join(
                f"{one.name} {one.state}" for one in batch.inspection_ids.sorted("id"))

    @api.onchange("production_id")
    def _onchange_production_id(self):
        """Add the lots that an order made, with what it made of each."""
        present = self.line_ids.lot_id
        made = self.production_id.move_finished_ids.move_line_ids.filtered(
            lambda line: line.state == "done" and line.lot_id and line.lot_id not in present)
        self.line_ids = [fields.Command.create({
            "lot_id": lot.id, "quantity": sum(lines.mapped("quantity_product_uom"))})
            for lot, lines in made.grouped("lot_id").items()]
        self.production_id = False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self.env["ir.sequence"].sudo().next_by_code("med.process.batch") or "/"
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Process batches are not deleted: cancel them with a reason."))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "run":
            self._check_run()
        elif transition.name == "accept":
            self._check_accept()

    def _check_run(self):
        if self.ended_at < self.started_at or self.ended_at > fields.Datetime.now():
            raise UserError(self.env._(
                "%(name)s: the run ends after its start, and not in the future.", name=self.name))
        lots = self.line_ids.lot_id
        if bad := lots.filtered(lambda lot: lot.med_hold_count or lot.med_status == "rejected"):
            raise UserError(self.env._(
                "Held or rejected: %(lots)s. They do not go through a process.",
                lots=", ".join(bad[:5].mapped("name"))))
        on_hand, others = lots._med_on_hand(), self._elsewhere()
        for line in self.line_ids:
            free = on_hand.get(line.lot_id.id, 0.0) - others.get(line.lot_id.id, 0.0)
            if line.product_uom_id.compare(line.quantity, free) > 0:
                raise UserError(self.env._(
                    "Only %(free)g %(uom)s of %(lot)s are there that are in no other run of this "
                    "process.", free=max(0.0, free), uom=line.product_uom_id.name,
                    lot=line.lot_id.name))

    def _elsewhere(self):
        """Return ``{lot id: quantity}`` of these lots in other runs of this process."""
        Line = self.env["med.process.batch.line"].sudo()
        found = defaultdict(float, Line._processed(
            self.line_ids.lot_id, RECORDED, self.process, self.ids))
        for lot, quantity in Line._read_group([
                ("lot_id", "in", self.line_ids.lot_id.ids), ("batch_id", "!=", self.id),
                ("batch_id.process", "=", self.process), ("batch_id.state", "=", "open")],
                ["lot_id"], ["quantity:sum"]):
            found[lot.id] += quantity
        return found

    def _check_accept(self):
        """Refuse while anything that the process asks for is open or bad."""
        missing = [text for wrong, text in self._obstacles() if wrong]
        if missing:
            raise UserError(self.env._(
                "%(name)s is not accepted yet:\n%(missing)s", name=self.name,
                missing="\n".join(missing)))

    def _obstacles(self):
        """Return ``(whether it stands in the way, sentence)``. For processes of other addons."""
        sterile = self.process.startswith("sterilisation")
        gas = self.process == "sterilisation_eo"
        passed = self.inspection_ids.filtered(lambda one: one.state in PASSED)
        undecided = self.inspection_ids.filtered(
            lambda one: one.state != "cancelled") - passed - passed._med_cures()
        lacking = self._lacking(passed | undecided)
        return [
            (sterile and self.indicator_result == "pending",
             self.env._("The biological indicator has not been read.")),
            (sterile and self.indicator_result == "growth",
             self.env._("The biological indicator shows growth.")),
            (sterile and self.indicator_result == "no_growth" and not (
                self.indicator_lot and self.indicator_read_at),
             self.env._("Say which lot the biological indicator is of, and when it was read.")),
            (gas and not (self.aeration_started_at and self.aeration_ended_at
                          and self.ended_at <= self.aeration_started_at
                          <= self.aeration_ended_at <= fields.Datetime.now()),
             self.env._("The aeration has not ended, or its times do not follow the run's.")),
            (gas and self.residuals not in ("within", "not_applicable"),
             self.env._("The residuals are not known to be within limits.")),
            (bool(undecided), self.env._(
                "Not accepted: %(inspections)s.", inspections=", ".join(
                    undecided.mapped("name")))),
            (bool(lacking), self.env._(
                "Not inspected: %(lots)s. Record the run again, or have its cancelled inspection "
                "done again.", lots=", ".join(lacking[:5].mapped("name")))),
        ]

    def _lacking(self, inspections):
        """Return the lots that a blocking plan wants inspected, and that are in none of these."""
        return self.env["stock.lot"].union(*(
            lines.lot_id - inspections.lot_ids
            for product, lines in self.line_ids.grouped("product_id").items()
            if self._plan_of(product).blocking))

    def _plan_of(self, product):
        return self.env["med.inspection.plan"]._match(
            self.company_id, "batch", product, partner=self.partner_id,
            workcenter=self.workcenter_id)

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "run":
            self._begin_inspection()
        elif transition.name == "reject":
            self.env["med.hold"]._place(
                self.line_ids.lot_id, self.env._("%(name)s rejected", name=self.name),
                "inspection", document=self)

    def _begin_inspection(self):
        """Begin the inspection of the run's parameters where a plan of stage “batch” applies, of
        the lots that are in no inspection of this run."""
        known = self.inspection_ids.filtered(lambda one: one.state != "cancelled").lot_ids
        lines = self.line_ids.filtered(lambda line: line.lot_id not in known)
        for product, several in lines.grouped("product_id").items():
            if plan := self._plan_of(product):
                self.env["med.inspection"]._make([Wanted(
                    plan, product, several.lot_id, sum(several.mapped("quantity")), values={
                        "process_batch_id": self.id, "equipment": self.equipment,
                        "workcenter_id": self.workcenter_id.id,
                        "partner_id": self.partner_id.id})])

    def action_inspections(self):
        """Open the inspections of this run."""
        return {"type": "ir.actions.act_window", "res_model": "med.inspection",
                "view_mode": "list,form", "name": self.env._("Inspections"),
                "domain": [("process_batch_id", "in", self.ids)]}
