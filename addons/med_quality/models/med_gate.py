from odoo import api, fields, models, tools

from ..tools.status import choose
from .med_status_rule import USES

# Beside the uses of the table: a delivery nobody has reviewed.
GATE_USES = [*USES, ("checkout", "Check-Out Review")]
MODES = [("observe", "Observe"), ("warn", "Warn"), ("enforce", "Enforce")]


class MedGate(models.Model):
    """How strict the table of statuses is, for a product, a warehouse, a use.

    Going live goes from observing, which lists what would have been stopped, to enforcing. Holds
    stop in every mode: each is somebody's decision.
    """

    _name = "med.gate"
    _description = "Gate"
    _inherit = ["mail.thread"]
    _order = "product_tmpl_id, warehouse_id, use"
    _rec_name = "mode"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Product", index=True, ondelete="cascade", tracking=True,
        help="Empty: every controlled product.")
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, ondelete="cascade", tracking=True,
        help="Empty: every warehouse.")
    use = fields.Selection(
        GATE_USES, tracking=True,
        help="Empty: every use that the table of statuses knows. The check-out review has gates "
             "of its own.")
    mode = fields.Selection(MODES, required=True, default="observe", tracking=True)

    _check_company_auto = True
    _place_uniq = models.UniqueIndex(
        "(company_id, COALESCE(product_tmpl_id, 0), COALESCE(warehouse_id, 0), COALESCE(use, ''))",
        "There is a gate for this product, warehouse and use already.")

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache("company")
    def _gates(self, company):
        """Return the gates of a company, see :func:`..tools.status.choose`, and its default."""
        gates = self.sudo().search([("company_id", "=", company)])
        return [(gate.product_tmpl_id.id or None, gate.warehouse_id.id or None, gate.use or "",
                 gate.mode) for gate in gates], (
            self.env["res.company"].sudo().browse(company).med_gate_mode)

    @api.model
    def _checkout_mode(self, company, product_tmpl, warehouse):
        """Return the mode that counts for a delivery without a check-out review."""
        gates = [gate for gate in self._gates(company)[0] if gate[2] == "checkout"]
        return choose(gates, product_tmpl, warehouse or None, "checkout",
                      self.env["res.company"].sudo().browse(company).med_checkout_mode)

    @api.model
    def _mode(self, company, product_tmpl, warehouse, use):
        """Return the mode that counts; arguments are ids, the use a name."""
        gates, default = self._gates(company)
        return choose(gates, product_tmpl, warehouse or None, use, default)
