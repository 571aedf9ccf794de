from odoo import api, fields, models
from odoo.exceptions import AccessError

THEIRS = ("med_outsourcing_order_id", "med_outsourcing_event_id")


class MedProcessBatch(models.Model):
    """A run that a processor reported says of which order, and by which report."""

    _inherit = "med.process.batch"

    med_outsourcing_order_id = fields.Many2one(
        "med.outsourcing.order", "Order to the Processor", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict")
    med_outsourcing_event_id = fields.Many2one(
        "med.outsourcing.event", "Reported By", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        self._med_check_theirs(any(vals.get(name) for vals in vals_list for name in THEIRS))
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**dict.fromkeys(THEIRS, False), **vals} for vals in vals_list])

    def write(self, vals):
        self._med_check_theirs(vals.keys() & {*THEIRS})
        return super().write(vals)

    def _med_check_theirs(self, named):
        if named and not self.env.su:
            raise AccessError(self.env._("A run is of an order where its processor says so."))
