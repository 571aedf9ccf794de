from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.translate import LazyTranslate

from ..tools.permit import take

_lt = LazyTranslate(__name__)


class MedKeptRowMixin(models.AbstractModel):
    """Rows that our own code alone writes: nobody else makes, changes, copies or deletes one.

    Our code makes them by SQL or under ``permit(model, (), "born")``, and changes one, if ever,
    under a permit for the sorted names of the fields. ``_med_refusals`` is what is answered to
    whoever else tries, by ``create``, ``write``, ``unlink`` and ``copy``; what is not named there
    is answered as ``create``. ``_med_follows`` names fields that follow from other records.
    """

    _name = "med.kept.row.mixin"
    _description = "Row That Stays as It Was Made"

    _med_refusals = {"create": _lt("Rows of this kind are written by the system alone.")}
    _med_follows = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "born"):
            self._med_refuse_row("create")
        return super().create(vals_list)

    def write(self, vals):
        names = tuple(sorted(vals.keys() - self._med_follows))
        if (names or not self._med_follows) and not take(self._name, self.ids, names):
            self._med_refuse_row("write")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._med_refuse_row("unlink")

    def copy(self, default=None):
        if "copy" in self._med_refusals:  # else the new row is refused, or not
            self._med_refuse_row("copy")
        return super().copy(default)

    def _med_refuse_row(self, how):
        told = self._med_refusals.get(how, self._med_refusals["create"])
        raise AccessError(self.env._(told))  # pylint: disable=gettext-variable
