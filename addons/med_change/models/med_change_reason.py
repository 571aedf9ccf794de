from odoo import api, fields, models


class MedChange(models.Model):
    """A change names the hazards that it touches (ISO 14971, 10.4)."""

    _name = "med.change"
    _inherit = ["med.change", "med.risk.linked.mixin"]

    _med_hazard_side = "change_ids"

    def _med_check_linker(self):
        """Whoever may write the change links too: the change itself says who that is."""


class MedRiskHazard(models.Model):
    _inherit = "med.risk.hazard"

    change_ids = fields.Many2many(
        "med.change", string="Changes", copy=False, check_company=True, ondelete="restrict")

    @api.model
    def _med_links(self):
        return (*super()._med_links(), "change_ids")


class MedExternalReview(models.Model):
    """What a law or standard changes here is carried out under change control."""

    _name = "med.external.review"
    _inherit = ["med.external.review", "med.change.source.mixin"]

    def action_request_change(self):
        """Open the request of a change that this review makes necessary."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.change", "view_mode": "form",
                "name": self.env._("Request a Change"), "context": {
                    "default_source": "law", "default_external_review_ids": self.ids,
                    "default_title": self.document_id.display_name,
                    "default_reason": self.changes or "",
                    "default_product_tmpl_ids": self.product_tmpl_ids.ids}}
