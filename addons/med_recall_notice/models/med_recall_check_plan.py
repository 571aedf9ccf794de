import secrets

from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError

from ..tools.draw import DrawError, draw, percentage, size

SET = ("level", "asked", "pass_share")


class MedRecallCheckPlan(models.Model):
    """How many consignees are asked whether the recall reached them, and who (21 CFR 7.42)."""

    _name = "med.recall.check.plan"
    _description = "Effectiveness Checks"
    _inherit = ["med.recall.row.mixin"]
    _order = "recall_id desc, id desc"
    _rec_name = "recall_id"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    level = fields.Selection(
        [("A", "A: all"), ("B", "B: a share of your choice"), ("C", "C: 10 %"), ("D", "D: 2 %"),
         ("E", "E: none")], required=True, default="A")
    asked = fields.Float("Percentage", digits=(5, 2), help="Of level B: between 10 and 100.")
    pass_share = fields.Float("To Be Informed (%)", required=True, digits=(5, 2), default=100,
                              help="Passed when so many of those asked were told and did it.")
    seed = fields.Char(readonly=True)
    drawn_at = fields.Datetime("Drawn", readonly=True)
    population = fields.Integer("Consignees", readonly=True, aggregator=False)
    size = fields.Integer("Drawn Number", readonly=True, aggregator=False)
    check_ids = fields.One2many("med.recall.check", "plan_id", "Checks", readonly=True)
    done_count = fields.Integer("Done", compute="_compute_verdict")
    verdict = fields.Selection(
        [("running", "Under Way"), ("passed", "Passed"), ("failed", "Failed")],
        compute="_compute_verdict")

    @api.depends("check_ids.result", "pass_share", "drawn_at")
    def _compute_verdict(self):
        for plan in self:
            results = plan.check_ids.mapped("result")
            plan.done_count = len(list(filter(None, results)))
            good = results.count("followed")
            plan.verdict = "running" if not plan.drawn_at or not all(results) else (
                "passed" if good * 100 >= plan.pass_share * len(results) else "failed")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.env["med.recall"].browse(vals.get("recall_id"))._med_check_decider()
        with permit(self._name, (), "born"):
            plans = super().create([{
                "level": "A", "asked": 0, "pass_share": 100, **vals, "seed": False,
                "drawn_at": False, "population": 0, "size": 0} for vals in vals_list])
        plans._med_check_share()
        return plans

    def write(self, vals):
        if vals and vals.keys() <= set(SET) and not any(self.mapped("drawn_at")):
            with permit(self._name, self.ids, tuple(sorted(vals))):
                result = super().write(vals)
            self._med_check_share()
            return result
        return super().write(vals)

    def _med_check_share(self):
        for plan in self:
            if not 0 < plan.pass_share <= 100:
                raise UserError(self.env._("A share to pass is above 0 and up to 100 percent."))
            try:
                percentage(plan.level, plan.asked)
            except DrawError:
                raise UserError(self.env._(
                    "Level B asks for more than 10 and less than 100 percent.")) from None

    def _med_population(self):
        return self.env["med.recall.notice"].sudo().search([
            ("recall_id", "=", self.recall_id.id), ("consignee_id", "!=", False)]).consignee_id

    def draw(self):
        """Draw the consignees who are asked, by a seed that is kept.

        :return: ``{"version", "population", "drawn"}``
        """
        self.ensure_one()
        self.check_access("write")
        if self.drawn_at:
            raise UserError(self.env._("They are drawn already."))
        ids = self._med_population().ids
        if not ids:
            raise UserError(self.env._("Nobody was told yet."))
        seed = secrets.token_hex(16)
        drawn = draw(ids, size(len(ids), percentage(self.level, self.asked)), seed)
        values = {"seed": seed, "drawn_at": fields.Datetime.now(), "population": len(ids),
                  "size": len(drawn)}
        with permit(self._name, self.ids, tuple(sorted(values))):
            self.sudo().write(values)
        Check = self.env["med.recall.check"].sudo()
        with permit(Check._name, (), "born"):
            Check.create([{"plan_id": self.id, "consignee_id": one} for one in drawn])
        return {"version": 1, "population": len(ids), "drawn": len(drawn)}

    def action_draw(self):
        self.draw()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
