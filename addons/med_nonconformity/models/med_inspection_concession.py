from odoo import api, fields, models
from odoo.exceptions import UserError


class MedInspection(models.Model):
    """A concession is one that was approved, is in force and covers what is accepted by it."""

    _inherit = "med.inspection"

    deviation_id = fields.Many2one(
        "med.deviation", "Approved Concession", index="btree_not_null", ondelete="restrict",
        copy=False, domain="[('in_force', '=', True), ('legal_ok', '=', True), "
        "('company_id', '=', company_id), ('product_ids', 'in', product_id)]",
        help="What allows the lot to be accepted although it does not conform.")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "deviation_id": False} for vals in vals_list])

    def write(self, vals):
        """Keep the signed number and the concession together, whichever is written."""
        Deviation = self.env["med.deviation"]
        if "deviation_id" in vals:
            vals = {**vals, "concession_reference": Deviation.browse(
                vals["deviation_id"]).name or False}
        elif "concession_reference" in vals:
            number = vals["concession_reference"]
            vals = {**vals, "deviation_id": number and Deviation.search(
                [("name", "=", number)], limit=1).id}
        return super().write(vals)

    def _med_check_concession(self):
        super()._med_check_concession()
        deviation = self.deviation_id
        if not deviation or deviation.name != self.concession_reference:
            raise UserError(self.env._(
                "%(name)s: choose the approved concession or permit.", name=self.name))
        if deviation.company_id != self.company_id:
            raise UserError(self.env._(
                "%(name)s is of another company.", name=deviation.name))
        if why := deviation._why_not(
                self._med_conceded(), fields.Datetime.now(), conceding=True):
            raise UserError(why)

    def _med_conceded(self):
        """Return (product, lot, quantity) of what is accepted by concession.

        Of serials these are the ones that failed and those that the concession names.
        """
        if not self.product_id:
            raise UserError(self.env._(
                "%(name)s: only product is accepted by concession.", name=self.name))
        lots = self.lot_ids or self.production_id.lot_producing_ids
        if len(lots) < 2:
            return [(self.product_id, lots, self.concession_quantity)]
        failed = {one.unit for one in self._judge().units if one.outcome == "fail"}
        lots = lots.filtered(lambda lot: lot.name in failed) | (lots & self.deviation_id.lot_ids)
        if len(lots) != self.concession_quantity:
            raise UserError(self.env._(
                "%(name)s: under concession are those that failed and those that "
                "%(deviation)s names: %(count)s (%(lots)s).", name=self.name,
                deviation=self.deviation_id.name, count=len(lots),
                lots=", ".join(lots[:10].mapped("name"))))
        return [(self.product_id, lot, 1) for lot in lots]

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "concession" and self.deviation_id:
            self.deviation_id._med_consume(self, self._med_conceded())
