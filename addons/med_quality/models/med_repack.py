from odoo import models
from odoo.exceptions import UserError

from ..tools.status import RELEASED, better, worst


class MedRepack(models.Model):
    """A lot does not become better by getting another number."""

    _inherit = "med.repack"

    def _check_post(self):
        super()._check_post()
        self.sudo()._med_check_status()

    def _med_check_status(self):
        """Raise where what comes out would be freer than what goes in."""
        sources = self.input_ids.lot_id.filtered("product_id.med_controlled")
        if not sources:
            return
        self.env["stock.lot"]._med_states(sources.ids)  # locked: a hold is waited for
        status = worst(sources.mapped("med_status"))
        if status != RELEASED and (wild := self.output_ids.product_id.filtered(
                lambda product: not product.med_controlled)):
            raise UserError(self.env._(
                "%(product)s is not controlled: what is not released is not repacked into it.",
                product=wild[0].display_name))
        for lot in self.output_ids.lot_id:
            if better(lot.med_status, status) or (
                    any(sources.mapped("med_hold_count")) and not lot.med_hold_count):
                raise UserError(self.env._(
                    "%(lot)s is freer than what goes into it: give a new number instead.",
                    lot=lot.name))

    def _post(self):
        new = self.output_ids.filtered(lambda line: not line.lot_id)
        super()._post()
        self._med_inherit(new.lot_id)

    def _med_inherit(self, lots):
        """Give new lots the status and the holds of what they were made of.

        A split keeps the status, a released one too. After a relabelling or a merge it is decided
        anew, and what was rejected stays so. What is repacked is another article: quarantine.
        """
        sources = self.input_ids.lot_id.filtered("product_id.med_controlled")
        lots = lots.filtered("product_id.med_controlled")
        if not sources or not lots:
            return
        status = worst(sources.mapped("med_status"))
        if self.kind == "split" or (self.kind != "repack" and better("quarantine", status)):
            lots._med_set_status(status)
        for hold in sources.med_hold_line_ids.filtered("open").hold_id:
            self.env["med.hold"]._place(lots, hold.reason, hold.source, hold, hold.owner_id)
