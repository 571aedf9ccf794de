from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import sampling
from .med_defect_code import CLASSES
from .med_sampling import tables

METHODS = [
    ("aql", "By AQL"), ("full", "Every Unit"), ("zero_binomial", "c = 0, Binomial"),
    ("zero_hypergeometric", "c = 0, Hypergeometric"), ("containers", "Containers"),
    ("skip", "Not Drawn (Skip-Lot)"),
]


class MedInspectionPlanClass(models.Model):
    """How many units are inspected for one class of defects, and how many may be bad."""

    _name = "med.inspection.plan.class"
    _description = "Sampling of a Class of Defects"
    _inherit = ["med.signed.line.mixin"]
    _order = "plan_id, defect_class"
    _rec_name = "defect_class"
    _med_parent = "plan_id"

    plan_id = fields.Many2one(
        "med.inspection.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    defect_class = fields.Selection(CLASSES, string="Class", required=True, default="major")
    method = fields.Selection(METHODS, required=True, default="aql")
    standard = fields.Selection(
        lambda self: [(key, entry["title"]) for key, entry in tables().standards.items()],
        required=True, default="iso_2859_1_1999")
    level = fields.Selection(
        [(level, level) for level in sampling.LEVELS], required=True, default="II")
    aql = fields.Selection(
        lambda self: [(aql, aql) for aql in tables().aqls], string="AQL", default="1.5")
    mode = fields.Selection(
        [("percent", "Nonconforming Units"), ("per_100", "Nonconformities per 100 Units")],
        required=True, default="percent")
    ltpd = fields.Char("LTPD (%)", help="A lot as bad as this is accepted with β at most.")
    beta = fields.Char("β (%)", default="10")
    accept = fields.Integer("May Be Found", help="Of every unit: Ac.")
    container_rule = fields.Selection(
        [("sqrt_plus_1", "√N + 1"), ("stepped", "Stepped (Up to 3 All, up to 300 √N + 1)")],
        required=True, default="sqrt_plus_1")
    skip_reason = fields.Char("Why Not Drawn")
    skip_authority = fields.Char("Allowed By", help="For example the number of an approval.")

    _class_uniq = models.Constraint(
        "UNIQUE (plan_id, defect_class)", "The plan has this class already.")

    def _plan(self, quantity, severity):
        """Return the sampling plan of a lot.

        :raise UserError: none follows from what is set
        """
        try:
            if self.method == "aql":
                return sampling.plan(tables(), quantity, self.level, self.aql or "", severity,
                                     self.standard, self.mode)
            if self.method == "full":
                return sampling.every_unit(quantity, self.accept, self.mode)
            if self.method == "zero_binomial":
                return sampling.zero_binomial(quantity, self.ltpd or "", self.beta or "")
            if self.method == "zero_hypergeometric":
                return sampling.zero_hypergeometric(quantity, self.ltpd or "", self.beta or "")
            if self.method == "containers":
                return sampling.containers(quantity, self.container_rule)
            return sampling.omitted(quantity, self.skip_reason or "", self.skip_authority or "")
        except sampling.PlanError as error:
            raise UserError(self._sentence(error)) from error

    @api.model
    def _sentence(self, error):
        if error.field in ("level", "severity", "mode", "standard", "aql", "lot_size"):
            return self.env["med.sampling"]._sentence(error)
        words = {
            "ltpd_percent": self.env._("LTPD must be a number from 0.01 to below 100."),
            "beta_percent": self.env._("β must be a number from 0.01 to below 100."),
            "accept": self.env._("“May be found” must be a whole number from 0."),
            "reason": self.env._("Say why the lot is not drawn."),
            "authority": self.env._("Say who allowed that the lot is not drawn."),
        }
        return words.get(error.field) or self.env._("The sampling is not set soundly.")
