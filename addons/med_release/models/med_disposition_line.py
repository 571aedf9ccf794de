from odoo import models
from odoo.exceptions import UserError


class MedDispositionLine(models.Model):
    _inherit = "med.disposition.line"

    def _check_release(self):
        """What is made here is released by the release of its orders, and in no other way."""
        super()._check_release()
        if found := self.lot_id._med_unreleased():
            raise UserError(self.env._(
                "Released by the release of their order alone: %(lots)s", lots="; ".join(
                    f"{lot.name} ({why})" for lot, why in list(found.items())[:5])))
