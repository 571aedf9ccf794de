from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError
from odoo.tools import SQL


class MedEndingMixin(models.AbstractModel):
    """A signed record that ends: when it did is written down by the step that ended it.

    An end is a state from which no step of the declared machine leads on.
    """

    _name = "med.ending.mixin"
    _description = "Record That Ends"
    _inherit = ["med.signable.mixin"]

    closed_at = fields.Datetime("Closed On", readonly=True, copy=False, index="btree_not_null",
                                help="When the step was taken from which none leads on.")

    @api.model
    def _med_ends(self):
        """Return the states from which no step leads on."""
        machine = self._med_machine
        going = {state for one in machine.transitions for state in one.source}
        return sorted(set(dict(self._fields[machine.field].selection)) - going)

    def init(self):
        """Give what ended before this was written down the time of its last signature."""
        if self._abstract:
            return
        self.env.cr.execute(SQL(
            """UPDATE %(table)s t SET closed_at = COALESCE(
                   (SELECT max(s.signed_at) FROM med_signature s
                     WHERE s.res_model = %(model)s AND s.res_id = t.id), t.write_date)
                WHERE t.closed_at IS NULL AND t.%(state)s IN %(ends)s""",
            table=SQL.identifier(self._table), model=self._name,
            state=SQL.identifier(self._med_machine.field), ends=tuple(self._med_ends())))

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "closed_at": False} for vals in vals_list])

    def write(self, vals):
        if "closed_at" in vals and not take(self._name, self.ids, "closed_at"):
            raise AccessError(self.env._("When it was closed follows from its steps."))
        return super().write(vals)

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.target in self._med_ends():
            with permit(self._name, self.ids, "closed_at"):
                self.write({"closed_at": fields.Datetime.now()})
