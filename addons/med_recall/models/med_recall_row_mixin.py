from odoo import models
from odoo.exceptions import AccessError


class MedRecallRowMixin(models.AbstractModel):
    """A row that a recall writes of itself: nobody else makes, changes or deletes it."""

    _name = "med.recall.row.mixin"
    _description = "Row Written by a Recall"
    _inherit = ["med.kept.row.mixin"]

    def _med_refuse_row(self, how):
        raise AccessError({
            "create": self.env._("%s: the recall writes it by itself.", self._description),
            "write": self.env._("%s: it is not changed.", self._description),
            "unlink": self.env._("%s: it is not deleted.", self._description),
        }[how])
