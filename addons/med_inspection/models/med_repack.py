from odoo import models


class MedRepack(models.Model):
    _inherit = "med.repack"

    def _post(self):
        """Let a lot that went through its process as a whole stay so under its new numbers."""
        known, sources = self.output_ids.lot_id, self.input_ids.lot_id
        processed = sources and self.kind != "repack" and not sources._med_unprocessed()
        super()._post()
        if processed:
            made = (self.output_ids.lot_id - known).filtered("product_id.med_batch_process")
            made.filtered(lambda lot: lot.product_id in sources.product_id)._med_set_processed_as(
                sources[:1])
