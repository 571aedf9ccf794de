from odoo import models
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG


class Base(models.AbstractModel):
    """What our addons forbid to delete stays, whatever context a caller sends."""

    _inherit = "base"

    def unlink(self):
        # Odoo passes such guards by while an addon is removed, and knows that by a context key. The
        # removal itself is the superuser's; anybody else who sends the key only says so.
        if self and not self.env.su and self.env.context.get(MODULE_UNINSTALL_FLAG):
            for guard in self._ondelete_methods:
                if not guard._ondelete and guard.__module__.startswith("odoo.addons.med_"):
                    guard(self)
        return super().unlink()
