from odoo import models


class MedUdiRegistration(models.Model):
    _inherit = "med.udi.registration"

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
