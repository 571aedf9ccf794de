import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import frozen
from ..tools.number import NumberError
from ..tools.reading import SpecError
from .med_defect_code import CLASSES

KINDS = [
    ("measured", "Measured"), ("counted", "Counted"), ("check", "Pass or Fail"), ("text", "Text"),
    ("picture", "Picture"), ("certificate", "Value from a Certificate"),
]


class MedCharacteristic(models.Model):
    """One thing that a plan has looked at."""

    _name = "med.characteristic"
    _description = "Characteristic"
    _inherit = ["med.signed.line.mixin"]
    _order = "plan_id, sequence, id"
    _med_parent = "plan_id"

    plan_id = fields.Many2one(
        "med.inspection.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    key = fields.Char(required=True, help="Short and lasting: charts follow it through versions.")
    name = fields.Char("Characteristic", required=True)
    kind = fields.Selection(KINDS, required=True, default="measured")
    defect_class = fields.Selection(CLASSES, string="Class", required=True, default="major")
    scope = fields.Selection(
        [("unit", "Each Drawn Unit"), ("lot", "The Lot Once")], required=True, default="unit")
    required = fields.Boolean(default=True, help="Without a value the lot is not accepted.")
    readings = fields.Integer("Readings per Unit", required=True, default=1)
    nominal = fields.Char(help="Decimal point, no thousands separator.")
    lower = fields.Char("Lower Limit")
    upper = fields.Char("Upper Limit")
    lower_inclusive = fields.Boolean("Lower Limit Passes", default=True)
    upper_inclusive = fields.Boolean("Upper Limit Passes", default=True)
    decimals = fields.Char(
        help="Empty: the value is compared as it is. A number: it is first rounded to so many "
             "places.")
    rounding = fields.Selection(
        [("half_even", "Half to Even (GB/T 8170)"), ("half_up", "Half Up")], required=True,
        default="half_even")
    uom_id = fields.Many2one("med.measure.unit", "Unit", ondelete="restrict")
    expected = fields.Text("Expected Texts", help="One per line; empty: any text.")
    defect_code_ids = fields.Many2many("med.defect.code", string="Defects")
    record_only = fields.Boolean(help="The value is recorded and not judged.")
    gauge_kind = fields.Char(help="Of the measuring equipment. Each reading then names its gauge.")
    method = fields.Text("Test Method")
    chart = fields.Selection(
        [("none", "None"), ("xbar_r", "X-bar and R"), ("i_mr", "Individuals and Moving Range"),
         ("p", "p"), ("u", "u")], required=True, default="none", string="Control Chart")
    frozen_text = fields.Char("As Frozen", compute="_compute_frozen_text")

    _key_uniq = models.Constraint("UNIQUE (plan_id, key)", "The plan has this key already.")

    def _frozen(self):
        """Return the characteristic as inspections keep it: plain JSON types."""
        return {
            "key": self.key, "name": self.name, "kind": self.kind, "sequence": self.sequence,
            "defect_class": self.defect_class, "scope": self.scope, "required": self.required,
            "readings": self.readings, "lower_inclusive": self.lower_inclusive,
            "upper_inclusive": self.upper_inclusive, "rounding": self.rounding,
            "uom": self.uom_id.code or "", "record_only": self.record_only, "chart": self.chart,
            "expected": [text.strip() for text in (self.expected or "").splitlines()
                         if text.strip()],
            "defects": sorted(self.defect_code_ids.mapped("code")),
            **{name: (self[name] or "").strip() for name in (
                "nominal", "lower", "upper", "decimals", "gauge_kind", "method")},
        }

    @api.depends(lambda self: [
        "key", "name", "kind", "sequence", "defect_class", "scope", "required", "readings",
        "nominal", "lower", "upper", "lower_inclusive", "upper_inclusive", "decimals", "rounding",
        "uom_id.code", "expected", "defect_code_ids.code", "record_only", "gauge_kind", "method",
        "chart"])
    def _compute_frozen_text(self):
        for one in self:
            one.frozen_text = json.dumps(one._frozen(), sort_keys=True, ensure_ascii=False)

    def _check_sound(self):
        """Refuse what could not be judged, by raising UserError with one sentence."""
        for one in self:
            try:
                frozen.read_characteristic(one._frozen())
                int(one.decimals or 0)
            except (SpecError, NumberError, ValueError) as error:
                raise UserError(self.env._(
                    "%(name)s: %(why)s", name=one.name, why=one._sentence(error))) from error

    def _sentence(self, error):
        words = {
            "limits": self.env._("a measured or counted value has limits, the lower below the "
                                 "upper, or is only recorded; other kinds have none."),
            "readings": self.env._("readings per unit: a whole number from 1."),
            "decimals": self.env._("decimals: a whole number, or empty."),
        }
        if isinstance(error, NumberError):
            return self.env._("limits are numbers with a decimal point.")
        return words.get(getattr(error, "code", "decimals")) or self.env._("not set soundly.")
