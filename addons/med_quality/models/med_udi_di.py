from odoo import models


class MedUdiDi(models.Model):
    _inherit = "med.udi.di"

    def _med_registration_for(self, country):
        """Return the registration that is printed for a country: one that names it, else any."""
        found = self.registration_ids.filtered("active")
        return found.filtered(lambda one: country in one.country_ids)[:1] or found[:1]
