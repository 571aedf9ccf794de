from decimal import Decimal

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..tools.number import NumberError, exact


class MedMeasureUnit(models.Model):
    """A unit of measure of readings: base value = (value + add) × multiply ÷ divide, exactly."""

    _name = "med.measure.unit"
    _description = "Unit of Measured Values"
    _order = "quantity, code"
    _rec_name = "code"

    code = fields.Char("As Written", required=True)
    name = fields.Char(required=True, translate=True)
    quantity = fields.Char(
        "Physical Quantity", required=True, help="Units of one quantity are converted.")
    multiply = fields.Char(required=True, default="1")
    divide = fields.Char(required=True, default="1")
    add = fields.Char("Add First", required=True, default="0")
    source = fields.Char(help="Where the factor comes from.")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE (code)", "There is a unit written like this already.")

    @api.constrains("multiply", "divide", "add")
    def _check_factors(self):
        for unit in self:
            try:
                factors = [exact(unit[name]) for name in ("multiply", "divide", "add")]
            except NumberError:
                factors = [Decimal(0)]
            if not all(factors[:2]):
                raise ValidationError(self.env._(
                    "The factors of %(code)s must be numbers, and not zero.", code=unit.code))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if any(name in vals and any(unit[name] != vals[name] for unit in self)
               for name in ("code", "quantity", "multiply", "divide", "add")):
            self._check_unused()
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _check_unused(self):
        used = self.env["med.characteristic"].sudo().search([
            ("uom_id.quantity", "in", self.mapped("quantity")),
            ("plan_id.state", "=", "approved")], limit=1)
        if used:
            raise UserError(self.env._(
                "%(plan)s was approved with units of this quantity: make another unit.",
                plan=used.plan_id.display_name))

    @api.model
    @tools.ormcache()
    def _conversions(self):
        """Return ``((from, to), (multiply, divide, add, then))`` of every pair, as texts.

        value in ``to`` = (value + add) × multiply ÷ divide + then
        """
        found = []
        units = self.sudo().with_context(active_test=False).search([])
        for several in units.grouped("quantity").values():
            parts = {unit.code: [Decimal(unit[name]) for name in ("multiply", "divide", "add")]
                     for unit in several}
            for source, (multiply, divide, add) in parts.items():
                for target, (times, by, shift) in parts.items():
                    if source != target:
                        found.append(((source, target), tuple(map(str, (
                            multiply * by, divide * times, add, -shift)))))
        return tuple(found)
