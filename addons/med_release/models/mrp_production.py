from odoo import fields, models
from odoo.exceptions import AccessError, UserError

VIEWER = "med_base.med_base_group_viewer"


class MrpProduction(models.Model):
    """The release of what an order makes."""

    _inherit = "mrp.production"

    med_release_ids = fields.One2many(
        "med.release", "production_id", "Releases", readonly=True,
        groups=VIEWER)
    med_release_state = fields.Selection(
        related="med_release_ids.state", string="Release",
        groups=VIEWER)
    med_release_required = fields.Boolean(related="product_id.med_release_required")

    def _post_inventory(self, cancel_backorder=False):
        result = super()._post_inventory(cancel_backorder=cancel_backorder)
        self.env["med.release"]._med_for_orders(self)
        return result

    def action_med_release(self):
        """Open the release of an order, which is made where it is lacking."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(VIEWER):
            raise AccessError(self.env._("Releases are for those who may see quality records."))
        if self.state in ("draft", "cancel"):
            raise UserError(self.env._(
                "%(order)s makes nothing yet, or never will.", order=self.name))
        release = self.env["med.release"]._med_for_orders(self)
        if not release:
            raise UserError(self.env._(
                "%(product)s is not released by its orders: see its page, “Release of Orders”.",
                product=self.product_id.display_name))
        return {"type": "ir.actions.act_window", "res_model": "med.release", "view_mode": "form",
                "res_id": release.id, "name": self.env._("Release")}

    def _med_local_day(self):
        """Return the day on which the order ended, in the company's time zone, or None."""
        if not self.date_finished:
            return None
        zone = self.company_id.partner_id.tz or self.company_id.resource_calendar_id.tz or "UTC"
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.date_finished).date()
