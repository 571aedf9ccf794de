from odoo import models


class IrModuleModule(models.Model):
    """What schemas say is translated with the addons that bring them."""

    _inherit = "ir.module.module"

    def _load_module_terms(self, modules, langs, overwrite=False):
        super()._load_module_terms(modules, langs, overwrite=overwrite)
        self.env["med.exchange.schema"]._med_load_words(modules, langs)
