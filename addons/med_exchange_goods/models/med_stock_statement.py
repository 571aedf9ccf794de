from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError


class MedStockStatement(models.Model):
    """What somebody who keeps goods says he has, beside what we say. It changes no stock."""

    _name = "med.stock.statement"
    _description = "Stock Statement of a Partner"
    _inherit = ["med.stepped.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "moment desc, id desc"

    name = fields.Char("Number", required=True, readonly=True)
    exchange_partner_id = fields.Many2one("med.exchange.partner", "From", required=True,
                                          readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    location_id = fields.Many2one("stock.location", "Place", required=True, readonly=True,
                                  index=True, ondelete="restrict")
    complete = fields.Boolean(readonly=True, help="What is not in it is not there.")
    moment = fields.Datetime("As Of", required=True, readonly=True)
    compared_at = fields.Datetime("Compared", readonly=True)
    state = fields.Selection(
        [("same", "The Same"), ("differs", "Differs"), ("explained", "Explained"),
         ("withdrawn", "Withdrawn")], "Status", required=True, readonly=True, tracking=True,
        index=True)
    explanation = fields.Text(tracking=True, help="Why it differs, and what was done about it.")
    line_ids = fields.One2many("med.stock.statement.line", "statement_id", "Goods",
                               readonly=True)
    difference_count = fields.Integer("Differences", compute="_compute_difference_count",
                                      store=True)

    # What was taken back may be sent right under the same number.
    _standing_uniq = models.UniqueIndex(
        "(exchange_partner_id, name) WHERE state != 'withdrawn'",
        "The partner has sent a statement of this number.")

    @api.depends("line_ids.difference")
    def _compute_difference_count(self):
        for statement in self:
            statement.difference_count = len(statement.line_ids.filtered("differs"))

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "state"):
            raise AccessError(self.env._("A statement is sent by who keeps the goods."))
        return super().create(vals_list)

    def write(self, vals):
        fixed = {name for name, field in self._fields.items()
                 if field._module == "med_exchange_goods"} - {"explanation", "difference_count"}
        if fixed & vals.keys() and not take(
                self._name, self.ids, tuple(sorted(fixed & vals.keys()))):
            raise AccessError(self.env._("What a partner stated is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A statement is kept: say in it why it differs."))

    def copy(self, default=None):
        raise UserError(self.env._("A statement is not copied: its partner sends a new one."))

    # ------------------------------------------------------------------ steps

    def explain(self, explanation: str):
        """Close statements that differ: why, and what was done about it.

        :param explanation: one sentence or more
        :return: ``{"version", "explained" (number)}``
        """
        self.check_access("write")
        if not isinstance(explanation, str) or not explanation.strip():
            raise UserError(self.env._("“explanation” must say why it differs."))
        if wrong := self.filtered(lambda one: one.state != "differs"):
            raise UserError(self.env._("%s does not differ, or is explained already.",
                                       wrong[0].name))
        self.write({"explanation": explanation.strip()})
        self._med_store({"state": "explained"})
        self.activity_ids.unlink()
        return {"version": 1, "explained": len(self)}

    def action_explain(self):
        """Close these statements with what is written as their explanation."""
        for statement in self:
            statement.explain(statement.explanation or "")
        return True
