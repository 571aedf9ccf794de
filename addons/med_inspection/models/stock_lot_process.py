from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError

from .med_process_batch import RECORDED


class StockLot(models.Model):
    """How much of a lot went through the process that its product asks for."""

    _inherit = "stock.lot"

    med_processed_as_id = fields.Many2one(
        "stock.lot", "Processed As", readonly=True, copy=False, index="btree_not_null",
        help="The lot under whose number it went through its process, before it was split or "
             "relabelled.")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "med_processed_as_id": False} for vals in vals_list])

    def write(self, vals):
        if "med_processed_as_id" in vals and not take(
                self._name, self.ids, ("med_processed_as_id", vals["med_processed_as_id"])):
            raise AccessError(self.env._("What a lot was processed as follows from its split."))
        return super().write(vals)

    def _med_set_processed_as(self, source):
        if self:
            with permit(self._name, self.ids, ("med_processed_as_id", source.id)):
                self.sudo().write({"med_processed_as_id": source.id})

    def _med_unprocessed(self):
        """Return ``[(lot, quantity on hand beyond accepted runs)]``, for lots that need a run."""
        lots = self.sudo().filtered(lambda lot: lot.product_id.med_batch_process)
        if not lots:
            return []
        covered = self.env["med.process.batch.line"].sudo()._covered(lots)
        on_hand = lots._med_on_hand()
        return [(lot, on_hand.get(lot.id, 0.0) - covered.get(lot.id, 0.0)) for lot in lots if (
            lot.id not in covered or lot.product_uom_id.compare(
                on_hand.get(lot.id, 0.0), covered[lot.id]) > 0)]

    def _med_went_through(self):
        """Return those that were in a recorded run of their process, or are parts of such."""
        lots = self.sudo().filtered("product_id.med_batch_process")
        ran = self.env["med.process.batch.line"].sudo()._processed(lots, RECORDED)
        return self.browse(lot.id for lot in lots if lot.id in ran)

    def _med_on_hand(self):
        """Return ``{lot id: quantity}`` of what is in places of our own."""
        return {lot.id: quantity for lot, quantity in self.env["stock.quant"].sudo()._read_group(
            [("lot_id", "in", self.ids), ("location_id.usage", "in", ("internal", "transit"))],
            ["lot_id"], ["quantity:sum"])}
