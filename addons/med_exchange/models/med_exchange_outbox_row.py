from odoo import api, models
from odoo.exceptions import AccessError, UserError


class MedExchangeOutboxRow(models.AbstractModel):
    """A row of the outbox: made and changed by the exchange in SQL, and in no other way.

    No method of the ORM writes one, so there is nothing that a context key, a server action or an
    import could switch off.
    """

    _name = "med.exchange.outbox.row"
    _description = "Row Written by the Exchange"
    _med_settings = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("%s: the exchange writes it by itself.", self._description))

    def write(self, vals):
        if vals.keys() <= self._med_settings:
            return super().write(vals)
        raise AccessError(self.env._(
            "%s: only the exchange changes it. Use its buttons.", self._description))

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._refuse_unlink()

    def _refuse_unlink(self):
        raise UserError(self.env._(
            "%s: it is kept, it says what others were told.", self._description))
