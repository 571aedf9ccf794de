from odoo import api, models


class ResPartner(models.Model):
    """Partners who hear of organisations are told of changes."""

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        self.env["med.exchange.organisation"]._med_emit(partners)
        return partners

    def write(self, vals):
        done = super().write(vals)
        if any(not name.startswith(("message_", "activity_")) for name in vals):
            self.env["med.exchange.organisation"]._med_emit(self)
        return done
