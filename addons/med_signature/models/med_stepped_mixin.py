from odoo import models

from ..tools.permit import permit


class MedSteppedMixin(models.AbstractModel):
    """Records with fields that their own steps alone write, and that `write` guards by a permit.

    ``_med_stepped`` names those fields; where it is None, every field is one.
    """

    _name = "med.stepped.mixin"
    _description = "Record That Its Steps Write"

    _med_stepped = None

    def _med_store(self, vals):
        """Write what follows from steps, under a permit for the sorted names of these fields."""
        if self:
            names = vals.keys() if self._med_stepped is None else vals.keys() & {
                *self._med_stepped}
            with permit(self._name, self.ids, tuple(sorted(names))):
                self.sudo().write(vals)
