from odoo import fields, models

ENDED = ("superseded", "withdrawn")


class ProductTemplate(models.Model):
    """The risk register of a product."""

    _inherit = "product.template"

    med_hazard_ids = fields.Many2many("med.risk.hazard", string="Hazards", readonly=True,
                                      copy=False, groups="med_base.med_base_group_viewer")
    med_hazard_count = fields.Integer("Number of Hazards", compute="_compute_med_hazard_count",
                                      groups="med_base.med_base_group_viewer")

    def _compute_med_hazard_count(self):
        counts = dict(self.env["med.risk.hazard"]._read_group(
            [("product_tmpl_ids", "in", self.ids), ("state", "not in", ENDED)],
            ["product_tmpl_ids"], ["__count"]))
        for product in self:
            product.med_hazard_count = counts.get(product._origin, 0)

    def _med_register(self):
        """Return the hazards of the register: what holds, worst first."""
        return self.env["med.risk.hazard"].search(
            [("product_tmpl_ids", "in", self.ids), ("state", "not in", ENDED)],
            order="residual_severity desc, residual_probability desc, name")

    def action_med_hazards(self):
        """Open the hazards of these products."""
        return {**self.env["ir.actions.actions"]._for_xml_id("med_risk.med_risk_hazard_action"),
                "domain": [("product_tmpl_ids", "in", self.ids)]}
