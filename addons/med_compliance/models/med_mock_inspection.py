import secrets

from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools.translate import LazyTranslate

from .med_compliance_mixin import KEEPERS

_lt = LazyTranslate(__name__)
LOTS = tuple(f"lot_ids.{name}" for name in ("lot_id", "shown_at", "done_at", "missing", "result"))


class MedMockInspection(models.Model):
    """A rehearsal of an inspection: lots are drawn, and their evidence is shown by the clock."""

    _name = "med.mock.inspection"
    _description = "Mock Inspection"
    _inherit = ["med.findings.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ("name", "scope")
    _check_company_auto = True

    _med_sequenced = True
    _med_of_finding = "mock_id"
    _med_stepped = {"seed": False, "drawn_at": False, "last_lot": 0, "last_line": 0}
    _med_machine = Machine(
        initial="planned",
        content=("name", "scope", "inspector_id", "seed", "drawn_at", "last_lot", "last_line",
                 "minutes", "conclusion", *LOTS, "finding_ids.name", "finding_ids.grade",
                 "finding_ids.what", "answer_ids.question", "answer_ids.answer",
                 "answer_ids.verdict"),
        transitions=(
            Transition("draw", ("planned",), "under_way", _lt("Draw the Lots"),
                       groups=("med_base.med_base_group_viewer",), required=("inspector_id",)),
            Transition("report", ("under_way",), "reported", _lt("Sign the Report"),
                       (Signer("performed", only="inspector_id"),), required=("conclusion",),
                       least=1),
            Transition("close", ("reported",), "closed", _lt("Close"),
                       (Signer("reviewed", groups=KEEPERS, differs=("@inspector_id",),
                               fixed=("@inspector_id",)),), least=1),
            Transition("cancel", ("planned", "under_way"), "cancelled", _lt("Cancel"),
                       groups=KEEPERS, reason=True),
        ),
        locked=("reported", "closed", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    scope = fields.Char("What It Rehearses")
    inspector_id = fields.Many2one("res.users", "Plays the Inspector", index=True, tracking=True,
                                   default=lambda self: self.env.user)
    lots_wanted = fields.Integer("Lots", required=True, default=3)
    minutes = fields.Integer("Minutes for a Lot", required=True, default=30)
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", "Shipped To", help="Only lots shipped to this market.")
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", check_company=True, help="Empty: all products.")
    made_from = fields.Date("On File From")
    made_to = fields.Date("On File Until")
    seed = fields.Char(readonly=True, copy=False, help="Kept, so that the draw can be repeated.")
    drawn_at = fields.Datetime("Drawn", readonly=True, copy=False)
    last_lot = fields.Integer(readonly=True, copy=False, aggregator=False, help=(
        "Number of the newest lot on file when it was drawn."))
    last_line = fields.Integer(readonly=True, copy=False, aggregator=False, help=(
        "Number of the newest posting on file when it was drawn."))
    lot_ids = fields.One2many("med.mock.lot", "mock_id", "Lots Drawn", readonly=True)
    answer_ids = fields.One2many("med.mock.answer", "mock_id", "Answers", readonly=True)
    finding_ids = fields.One2many("med.quality.finding", "mock_id", "Findings")
    conclusion = fields.Text(help="How well evidence was found, and what follows.")
    good_count = fields.Integer("Lots Shown in Time", compute="_compute_counts")
    average = fields.Float("Minutes on Average", compute="_compute_counts", digits=(8, 1))
    state = fields.Selection(
        [("planned", "Planned"), ("under_way", "Under Way"), ("reported", "Reported"),
         ("closed", "Closed"), ("cancelled", "Cancelled")], required=True, default="planned",
        readonly=True, copy=False, index=True, tracking=True, group_expand=True)

    _range = models.Constraint("CHECK (lots_wanted BETWEEN 1 AND 50 AND minutes > 0)",
                               "Between 1 and 50 lots, and at least a minute for each.")

    @api.depends("lot_ids.result", "lot_ids.spent")
    def _compute_counts(self):
        for record in self:
            done = record.lot_ids.filtered("done_at")
            record.good_count = len(done.filtered(lambda one: one.result == "good"))
            record.average = sum(done.mapped("spent")) / len(done) if done else 0

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([{
            "company_id": self.env.company.id, "product_tmpl_ids": [], "finding_ids": [],
            "inspector_id": self.env.uid, **vals, "lot_ids": [], "answer_ids": []}
            for vals in vals_list])
        for record in records:
            record._med_store({"seed": secrets.token_hex(16)})
        return records

    def write(self, vals):
        if vals.keys() & {"conclusion", "finding_ids"}:
            self._med_check_inspector()
        if vals.keys() - {"conclusion", "finding_ids"}:
            self._med_check_keeper()
        if vals.keys() & {"lots_wanted", "minutes", "jurisdiction_id", "product_tmpl_ids",
                          "made_from", "made_to"} and any(
                one.state != "planned" for one in self):
            raise UserError(self.env._("The lots are drawn: what was asked for stays."))
        return super().write(vals)

    def _med_check_inspector(self):
        """Refuse everybody but who plays the inspector, and quality assurance."""
        if self._med_is_keeper():
            return
        if strange := self.filtered(lambda one: one.inspector_id != self.env.user):
            raise AccessError(self.env._(
                "%s is for who plays the inspector and quality assurance.", strange[0].name))

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "draw":
            self.sudo(False)._med_check_inspector()
        elif transition.name == "report":
            if waiting := self.lot_ids.filtered(lambda one: not one.done_at):
                raise UserError(self.env._("%(name)s: %(lot)s is not shown yet.", name=self.name,
                                           lot=waiting[0].lot_id.name))
            if self.lot_ids.answer_ids.filtered(lambda one: not one.verdict):
                raise UserError(self.env._("%s: judge every answer.", self.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "draw":
            self._med_take_lots()
        elif transition.name == "report":
            self.finding_ids._med_ask()

    def _med_take_lots(self):
        """Draw, and copy the questions as they are now."""
        self._med_store({
            "drawn_at": fields.Datetime.now(),
            **{name: self.env[model].with_context(active_test=False).search(
                [], order="id desc", limit=1).id for name, model in (
                        ("last_lot", "stock.lot"), ("last_line", "med.genealogy.line"))}})
        lots = self._med_draw_lots()
        if not lots:
            raise UserError(self.env._("No lot is as you ask for."))
        questions = self.env["med.mock.question"].search([
            ("company_id", "in", [False, self.company_id.id])])
        self.lot_ids = [Command.create({
            "sequence": number, "lot_id": lot.id, "answer_ids": [Command.create({
                "sequence": turn, "question": one.name, "sections": one.sections or False})
                for turn, one in enumerate(questions, 1)]})
            for number, lot in enumerate(lots, 1)]
