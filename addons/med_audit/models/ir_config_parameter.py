from odoo import models


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    def init(self, force=False):
        """Odoo forces new parameters upon a copied database: it begins a log of its own, too."""
        super().init(force=force)
        if force:
            self.env.cr.execute("SELECT med_audit.new_log('copy')")
