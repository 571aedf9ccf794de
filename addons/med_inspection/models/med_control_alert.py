from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Transition
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from .med_control_chart import QUALITY

_lt = LazyTranslate(__name__)


class MedControlAlert(models.Model):
    """A point that breaks a run rule, until quality assurance has looked at it (SPC-8)."""

    _name = "med.control.alert"
    _description = "Alert of a Control Chart"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "chart_id"

    _med_machine = Machine(
        initial="open",
        content=("chart_id", "limits_id", "series", "point", "broken", "value", "conclusion",
                 "reference"),
        transitions=(
            Transition("close", ("open",), "closed", _lt("Close"), groups=(QUALITY,),
                       required=("conclusion",)),
        ),
        locked=("closed",),
    )

    chart_id = fields.Many2one(
        "med.control.chart", required=True, readonly=True, index=True, ondelete="restrict")
    limits_id = fields.Many2one(
        "med.control.limits", "Judged By", required=True, readonly=True, index=True,
        ondelete="restrict")
    company_id = fields.Many2one(related="chart_id.company_id", store=True, index=True)
    product_id = fields.Many2one(related="chart_id.product_id", store=True, index=True)
    inspection_id = fields.Many2one(
        "med.inspection", required=True, readonly=True, index=True, ondelete="restrict")
    lot_id = fields.Many2one(related="inspection_id.lot_id")
    series = fields.Selection(
        [("mean", "Mean"), ("range", "Range"), ("value", "Value"),
         ("moving_range", "Moving range"), ("share", "Share"), ("rate", "Rate")],
        "Line", required=True, readonly=True)
    point = fields.Integer(
        required=True, readonly=True, help="Id of the reading that ends the point.")
    unit = fields.Char(readonly=True)
    broken = fields.Char("Rules", required=True, readonly=True)
    broken_text = fields.Char("What Is Unusual", compute="_compute_broken_text")
    value = fields.Char(readonly=True)
    center = fields.Char("Centre Line", readonly=True)
    lower = fields.Char("Lower Limit", readonly=True)
    upper = fields.Char("Upper Limit", readonly=True)
    reference = fields.Char(
        "Deviation", help="Number of the deviation or nonconformity that was opened for it.")
    conclusion = fields.Text(help="What was found, and what was done.")
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], required=True, default="open", readonly=True,
        copy=False, tracking=True, index=True)

    _point_uniq = models.Constraint(
        "UNIQUE (limits_id, series, point)", "There is an alert of this point already.")

    @api.depends("broken")
    @api.depends_context("lang")
    def _compute_broken_text(self):
        words = self._med_rule_words()
        for alert in self:
            alert.broken_text = "; ".join(
                words.get(rule, rule) for rule in (alert.broken or "").split(","))

    @api.model
    def _med_rule_words(self):
        """Return run rule → what a person reads."""
        return {
            "beyond_3s": self.env._("beyond a control limit"),
            "two_of_three_2s": self.env._("2 of 3 points beyond 2σ on one side"),
            "four_of_five_1s": self.env._("4 of 5 points beyond 1σ on one side"),
            "eight_one_side": self.env._("8 points in a row on one side"),
            "nine_one_side": self.env._("9 points in a row on one side"),
            "six_trend": self.env._("6 points in a row rising or falling"),
            "fourteen_alternating": self.env._("14 points in a row up and down"),
            "fifteen_within_1s": self.env._("15 points in a row within 1σ"),
            "eight_outside_1s": self.env._("8 points in a row beyond 1σ on both sides"),
        }

    @api.depends("chart_id", "value")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = f"{alert.chart_id.name}: {alert.value}"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Alerts follow from the readings."))
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([
            {**vals, "reference": False, "conclusion": False} for vals in vals_list])

    def write(self, vals):
        if not self.env.su and vals.keys() - {"reference", "conclusion", "activity_ids",
                                              "message_follower_ids"}:
            raise AccessError(self.env._("Alerts follow from the readings."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Alerts are not deleted: close them."))

    def copy(self, default=None):
        raise UserError(self.env._("Alerts follow from the readings."))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.activity_ids.unlink()

    def _med_open_nonconformity(self):
        """Open what an unusual point asks for. For the addon of deviations."""
        return
