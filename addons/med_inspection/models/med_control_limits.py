from odoo import api, fields, models
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from .med_control_chart import QUALITY

_lt = LazyTranslate(__name__)


class MedControlLimits(models.Model):
    """Frozen limits of a chart, from points of phase I; approved by signature (SPC-7).

    Points that come later are judged by them and never change them. New limits take their place
    when they are signed.
    """

    _name = "med.control.limits"
    _description = "Limits of a Control Chart"
    _inherit = ["med.signable.mixin", "mail.thread"]
    _order = "chart_id, number desc"
    _rec_name = "number"

    _med_machine = Machine(
        initial="draft",
        content=("chart_id", "number", "kept", "source", "source_digest", "note"),
        transitions=(
            Transition("approve", ("draft",), "approved", _lt("Put in Force"),
                       (Signer("approved", groups=(QUALITY,)),), least=1),
            Transition("retire", ("approved",), "retired", _lt("Take out of Force"),
                       groups=(QUALITY,), reason=True),
            Transition("cancel", ("draft",), "cancel", _lt("Cancel"), groups=(QUALITY,)),
        ),
        locked=("approved", "retired", "cancel"),
    )

    chart_id = fields.Many2one(
        "med.control.chart", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="chart_id.company_id", store=True, index=True)
    product_id = fields.Many2one(related="chart_id.product_id")
    number = fields.Integer("Version", required=True, readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "In force"), ("retired", "Out of force"),
         ("cancel", "Cancelled")], required=True, default="draft", readonly=True, copy=False,
        tracking=True)
    points = fields.Integer("Number of Points", readonly=True, copy=False)
    center = fields.Char("Centre Line", readonly=True, copy=False)
    spread = fields.Char("Mean Range", readonly=True, copy=False)
    kept = fields.Text("As Computed", readonly=True, copy=False, required=True)
    source = fields.Text(
        "Points", readonly=True, copy=False, help="Ids of the readings that end the points.")
    source_digest = fields.Char("SHA-256 of the Points", readonly=True, copy=False)
    date_from = fields.Datetime("First Reading", readonly=True, copy=False)
    date_to = fields.Datetime("Last Reading", readonly=True, copy=False)
    approved_at = fields.Datetime("In Force Since", readonly=True, copy=False)
    note = fields.Char(help="Why these points; why some were left out.", copy=False)

    _number_uniq = models.Constraint(
        "UNIQUE (chart_id, number)", "The chart has limits of this version already.")
    _in_force_uniq = models.UniqueIndex(
        "(chart_id) WHERE state = 'approved'", "The chart has limits in force already.")

    @api.depends("number", "chart_id.name")
    def _compute_display_name(self):
        for limits in self:
            limits.display_name = self.env._(
                "%(chart)s, version %(number)s", chart=limits.chart_id.name, number=limits.number)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Limits are computed from the points of a chart."))
        return super().create([{**vals, "approved_at": False} for vals in vals_list])

    def write(self, vals):
        if not self.env.su and vals.keys() - {"note"}:
            raise AccessError(self.env._("Limits are computed from the points of a chart."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Limits are not deleted: cancel them."))

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "approve":
            for former in self.chart_id.limits_ids.filtered(lambda one: one.state == "approved"):
                leave(former, "retire", self.env._("Version %s takes its place.", self.number))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "approve":
            self.approved_at = fields.Datetime.now()
