from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

GIVEN = {"answer", "attachment_ids"}


class MedMockQuestion(models.Model):
    """What an inspector asks of every lot."""

    _name = "med.mock.question"
    _description = "Question of a Mock Inspection"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char("Question", required=True, translate=True)
    sections = fields.Char("Sections of the Evidence File", help=(
        "Keys, separated by commas: what the system says to this question. Empty: the whole "
        "file, and what is empty in it."))
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    active = fields.Boolean(default=True)


class MedMockAnswer(models.Model):
    """What was answered about a lot while the clock ran, and how the inspector judges it."""

    _name = "med.mock.answer"
    _description = "Answer of a Mock Inspection"
    _order = "mock_lot_id desc, sequence, id"
    _rec_name = "question"

    mock_lot_id = fields.Many2one(
        "med.mock.lot", "Lot", required=True, readonly=True, index=True, ondelete="restrict")
    mock_id = fields.Many2one(related="mock_lot_id.mock_id", store=True, index=True)
    company_id = fields.Many2one(related="mock_lot_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10, readonly=True)
    question = fields.Char(required=True, readonly=True)
    sections = fields.Char(readonly=True)
    found = fields.Text("On File", readonly=True, help="What the system itself says.")
    answer = fields.Text(help="What was shown: record, number, place.")
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments", ondelete="restrict")
    verdict = fields.Selection(
        [("yes", "Shown"), ("partly", "Partly"), ("no", "Not Shown")], "Judged",
        help="By who plays the inspector.")
    answered_at = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.users", "Answered By", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The questions are those of the draw."))
        return super().create([{
            **vals, "answer": False, "found": False, "verdict": False, "answered_at": False,
            "answered_by_id": False, "attachment_ids": []} for vals in vals_list])

    def write(self, vals):
        if strange := vals.keys() - GIVEN - {"verdict"} if not self.env.su else ():
            raise AccessError(self.env._(
                "“%(name)s” follows from the steps and is not written.",
                name=self._fields[min(strange)]._description_string(self.env)))
        if "verdict" in vals:
            self.mock_lot_id.mock_id._med_check_inspector()
            for lot in self.mock_lot_id:
                lot._check_under_way()
                if not lot.shown_at:
                    raise UserError(self.env._("%s is not shown yet.", lot.lot_id.name))
        if vals.keys() & GIVEN:
            for lot in self.mock_lot_id:
                lot._check_running()
            result = super().write(vals)
            super(MedMockAnswer, self.sudo()).write({
                "answered_at": fields.Datetime.now(), "answered_by_id": self.env.uid})
            for answer in self:  # who may read the answer may read what the person attached
                answer.sudo().attachment_ids.filtered(
                    lambda one: one.create_uid == self.env.user and not one.res_id).write(
                        {"res_model": self._name, "res_id": answer.id})
        else:
            result = super().write(vals)
        if "verdict" in vals:
            self.mock_lot_id._med_reckon()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The questions are those of the draw."))

    def _med_is_given(self):
        return bool((self.answer or "").strip() or self.attachment_ids)

    def _med_find(self, sections):
        """Write down what the sections of the evidence file say to this question."""
        keys = [one.strip() for one in (self.sections or "").split(",") if one.strip()]
        if keys:
            told = {one["key"]: one for one in sections}
            rows = [self.env._("%(title)s: %(count)s", title=told[key]["title"],
                               count=len(told[key]["rows"])) for key in keys if key in told]
            text = "\n".join(rows) or self.env._("Not in the evidence file.")
        else:
            empty = [one["title"] for one in sections if not one["rows"]]
            text = self.env._("Empty: %s", ", ".join(empty)) if empty else (
                self.env._("No section is empty."))
        super().write({"found": text})
