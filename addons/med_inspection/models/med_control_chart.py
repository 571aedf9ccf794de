from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import run_rules

QUALITY = "med_base.med_base_group_qa"
RULES = {"western_electric": run_rules.WESTERN_ELECTRIC, "nelson": run_rules.NELSON}
KINDS = [("xbar_r", "X-bar and R"), ("i_mr", "Single values and moving range"),
         ("p", "Share of nonconforming units (p)"), ("u", "Nonconformities per unit (u)")]
IDENTITY = {"company_id", "product_id", "characteristic", "kind", "size", "partner_id",
            "workcenter_id"}
FIGURES = {"spec_lower", "spec_upper", "uom", "date_last", "cpk", "ppk"}


class MedControlChart(models.Model):
    """How one characteristic of one product behaves over time (ISO 13485, 8.2.5, 8.2.6, 8.4).

    It appears by itself with the first submitted reading of a characteristic whose plan asks for
    it. Its limits are frozen and signed (:class:`MedControlLimits`); each inspection submitted
    later is judged by them, and what breaks a run rule is an alert (:class:`MedControlAlert`).
    """

    _name = "med.control.chart"
    _description = "Control Chart"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "open_alert_count desc, product_id, name, id"
    _check_company_auto = True

    name = fields.Char("Characteristic", required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="restrict", check_company=True)
    characteristic = fields.Char(
        "Key", help="Key of the characteristic in the inspection plans. Empty: all of them (only "
        "for shares of units and nonconformities per unit).")
    kind = fields.Selection(KINDS, required=True, default="xbar_r")
    size = fields.Integer(
        "Subgroup", default=5, help="Readings in a subgroup of an X-bar and R chart: 2 to 10.")
    partner_id = fields.Many2one(
        "res.partner", "Supplier", index="btree_not_null", help="Empty: of all suppliers.")
    workcenter_id = fields.Many2one(
        "mrp.workcenter", index="btree_not_null", check_company=True, help="Empty: of all.")
    rules = fields.Selection(
        [("western_electric", "Western Electric"), ("nelson", "Nelson")], required=True,
        default="western_electric", tracking=True, help="Which patterns of points raise an alert.")
    user_id = fields.Many2one(
        "res.users", "Owner", domain=[("share", "=", False)], tracking=True,
        help="Who is asked to look at an alert. Empty: quality assurance.")
    spec_lower = fields.Char("Lower Specification", readonly=True)
    spec_upper = fields.Char("Upper Specification", readonly=True)
    uom = fields.Char("Unit of Measure", readonly=True)
    limits_ids = fields.One2many("med.control.limits", "chart_id", "Limits", readonly=True)
    limits_id = fields.Many2one(
        "med.control.limits", "Limits in Force", compute="_compute_limits_id")
    alert_ids = fields.One2many("med.control.alert", "chart_id", "Alerts", readonly=True)
    open_alert_count = fields.Integer(
        "Open Alerts", compute="_compute_open_alert_count", store=True)
    date_last = fields.Datetime("Last Point", readonly=True)
    cpk = fields.Float("Cpk", digits=(8, 3), readonly=True, aggregator=None)
    ppk = fields.Float("Ppk", digits=(8, 3), readonly=True, aggregator=None)

    _identity_uniq = models.UniqueIndex(
        "(company_id, product_id, COALESCE(characteristic, ''), kind, COALESCE(partner_id, 0), "
        "COALESCE(workcenter_id, 0)) WHERE active",
        "There is such a chart already.")
    _size = models.Constraint(
        "CHECK (kind <> 'xbar_r' OR size BETWEEN 2 AND 10)", "A subgroup has 2 to 10 readings.")
    _all = models.Constraint(
        "CHECK (kind IN ('p', 'u') OR characteristic <> '')",
        "Name the characteristic whose values are charted.")

    @api.depends("limits_ids.state")
    def _compute_limits_id(self):
        for chart in self:
            chart.limits_id = chart.limits_ids.filtered(lambda one: one.state == "approved")[:1]

    @api.depends("alert_ids.state")
    def _compute_open_alert_count(self):
        found = {chart.id: count for chart, count in self.env["med.control.alert"]._read_group(
            [("chart_id", "in", self.ids), ("state", "=", "open")], ["chart_id"], ["__count"])}
        for chart in self:
            chart.open_alert_count = found.get(chart.id, 0)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if FIGURES & vals.keys():
                    raise AccessError(self.env._("The figures of a chart follow from readings."))
            # Written out, so that no default of the caller's context or of a user gets in.
            vals_list = [{**dict.fromkeys(FIGURES, False), **vals} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and FIGURES & vals.keys():
            raise AccessError(self.env._("The figures of a chart follow from readings."))
        if IDENTITY & vals.keys() and self.sudo().limits_ids:
            raise UserError(self.env._(
                "A chart that has limits stays what it is of: archive it and make another."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_limits(self):
        if self.sudo().limits_ids:
            raise UserError(self.env._("A chart that has limits is archived, not deleted."))

    # ------------------------------------------------------------------ actions

    def action_med_limits(self):
        """Propose limits from the points there are, and open them to be signed."""
        self.ensure_one()
        told = self.propose_limits()
        return {"type": "ir.actions.act_window", "res_model": "med.control.limits",
                "view_mode": "form", "res_id": told["limits"]}

    def action_med_print(self):
        """Print the chart with its capability, limits and alerts."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "new",
                "url": f"/med/control_chart.pdf?chart={self.id}"}

    def action_med_alerts(self):
        """Open the alerts of the chart."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "name": self.env._("Alerts"),
                "res_model": "med.control.alert", "view_mode": "list,form",
                "domain": [("chart_id", "=", self.id)]}
