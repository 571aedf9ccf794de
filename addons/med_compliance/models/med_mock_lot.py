from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError

STEPPED = ("shown_at", "done_at", "missing", "section_count", "result")


class MedMockLot(models.Model):
    """A drawn lot: shown to the house, answered against the clock."""

    _name = "med.mock.lot"
    _description = "Lot of a Mock Inspection"
    _inherit = ["med.stepped.mixin"]
    _order = "mock_id desc, sequence, id"
    _rec_name = "lot_id"

    mock_id = fields.Many2one("med.mock.inspection", "Mock Inspection", required=True, index=True,
                              readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="mock_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10, readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", required=True, readonly=True, index=True,
                             ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id")
    shown_at = fields.Datetime("Shown", readonly=True)
    done_at = fields.Datetime("Answered", readonly=True)
    spent = fields.Float("Minutes", compute="_compute_spent", digits=(8, 1))
    section_count = fields.Integer("Sections of the Evidence File", readonly=True)
    missing = fields.Text("Empty Sections", readonly=True, help=(
        "Sections of the evidence file in which nothing was on file when the lot was shown."))
    answer_ids = fields.One2many("med.mock.answer", "mock_lot_id", "Answers")
    result = fields.Selection(
        [("good", "Shown in Time"), ("late", "Too Late"), ("lacking", "Something Lacks")],
        readonly=True, index=True)
    mock_state = fields.Selection(related="mock_id.state", string="State")

    @api.depends("shown_at", "done_at")
    def _compute_spent(self):
        now = fields.Datetime.now()
        for record in self:
            record.spent = record.shown_at and (
                (record.done_at or now) - record.shown_at).total_seconds() / 60

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Lots of a mock inspection are drawn."))
        return super().create([{**vals, **dict.fromkeys(STEPPED, False)} for vals in vals_list])

    def write(self, vals):
        names = tuple(sorted(vals.keys() - {"answer_ids"}))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("Lots of a mock inspection are drawn, shown and "
                                         "finished."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Lots of a mock inspection are drawn, shown and finished."))

    def show(self):
        """Show a lot: the clock starts, and what the system has on file is written down.

        :return: ``{"version", "lot" (id of the lot), "missing": [titles of empty sections]}``
        """
        self.ensure_one()
        self.check_access("read")
        self.mock_id._med_check_inspector()
        self._check_under_way()
        if self.shown_at:
            raise UserError(self.env._("%s is shown already.", self.lot_id.name))
        sections = self.sudo().with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids).lot_id._med_evidence_sections()
        missing = [one["title"] for one in sections if not one["rows"]]
        self._med_store({"shown_at": fields.Datetime.now(), "section_count": len(sections),
                         "missing": "\n".join(missing) or False})
        for answer in self.answer_ids.sudo():
            answer._med_find(sections)
        return {"version": 1, "lot": self.lot_id.id, "missing": missing}

    def finish(self):
        """Stop the clock of a lot: all its answers are given.

        :return: ``{"version", "minutes", "in_time"}``
        """
        self.ensure_one()
        self.check_access("read")
        self._check_running()
        if lacking := self.answer_ids.filtered(lambda one: not one._med_is_given()):
            raise UserError(self.env._("Still without an answer: %s", lacking[0].question))
        self._med_store({"done_at": fields.Datetime.now()})
        self._med_reckon()
        return {"version": 1, "minutes": round(self.spent, 1),
                "in_time": self.spent <= self.mock_id.minutes}

    def _med_reckon(self):
        """Write down how the lot came out, as its answers are judged now."""
        for record in self.filtered("done_at"):
            lacking = record.answer_ids.filtered(lambda one: one.verdict in ("partly", "no"))
            record._med_store({"result": "lacking" if lacking else "late" if (
                record.spent > record.mock_id.minutes) else "good"})

    def _check_under_way(self):
        if self.mock_id.state != "under_way":
            raise UserError(self.env._("%s is not under way.", self.mock_id.name))

    def _check_running(self):
        self._check_under_way()
        if not self.shown_at or self.done_at:
            raise UserError(self.env._("The clock of %s is not running.", self.lot_id.name))

    def action_show(self):
        """Show the lot, and open it."""
        self.show()
        return self.action_open()

    def action_open(self):
        """Open the questions of the lot."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id,
                "views": [(False, "form")]}

    def action_finish(self):
        """Stop the clock."""
        self.finish()

    def action_evidence(self):
        """Download the evidence file of the lot."""
        return self.lot_id.action_med_evidence_pdf()

    def action_finding(self):
        """Open a new finding about this lot."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.quality.finding",
                "views": [(False, "form")], "target": "new", "name": self.env._("Finding"),
                "context": {"default_mock_id": self.mock_id.id, "default_evidence": self.env._(
                    "%(lot)s, %(minutes)s minutes", lot=self.lot_id.display_name,
                    minutes=round(self.spent, 1))}}
