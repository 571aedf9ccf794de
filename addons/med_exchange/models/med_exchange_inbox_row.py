from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedExchangeInboxRow(models.AbstractModel):
    """A row of the inbox: made and changed by messages in SQL, and in no other way.

    ``_med_refusals`` is what is answered to who tries, by ``create``, ``write``, ``unlink`` and
    ``copy``; what is not named there is answered as ``create``.
    """

    _name = "med.exchange.inbox.row"
    _description = "Row Written by Messages"

    _med_refusals = {"create": _lt("Rows of this kind are written by messages alone.")}

    @api.model_create_multi
    def create(self, vals_list):
        self._med_refuse_row("create")

    def write(self, vals):
        self._med_refuse_row("write")

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._med_refuse_row("unlink")

    def copy(self, default=None):
        self._med_refuse_row("copy")

    def _med_refuse_row(self, how):
        told = self._med_refusals.get(how, self._med_refusals["create"])
        raise UserError(self.env._(told))  # pylint: disable=gettext-variable
