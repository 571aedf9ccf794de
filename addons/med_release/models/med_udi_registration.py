from odoo import api, models


class MedUdiRegistration(models.Model):
    _inherit = "med.udi.registration"

    @api.model_create_multi
    def create(self, vals_list):
        registrations = super().create(vals_list)
        registrations._med_tell_releases()
        return registrations

    def write(self, vals):
        result = super().write(vals)
        if {"registrant_id", "di_id", "state", "active"} & vals.keys():
            self._med_tell_releases()
        return result

    def _med_tell_releases(self):
        """Let open releases of these devices read anew who the registrant is."""
        Release = self.env["med.release"].sudo()
        self.env.add_to_compute(Release._fields["registrant_company_id"], Release.search([
            ("state", "=", "open"), ("product_id", "in", self.sudo().di_id.product_id.ids)]))

    def _med_was_in_force(self, day):
        """Return whether a registration covers what was made on a day.

        A device is judged on the day it was made; selling what was made before the end stays
        allowed, unless the authority suspended it. Whoever does not know from when it holds does
        not know that it held.
        """
        self.ensure_one()
        if self.state == "suspended" or not self.date_from or self.date_from > day:
            return False
        if self.date_to:
            return day <= self.date_to
        return self.state != "ended"
