from odoo import models
from odoo.exceptions import UserError


class MedRepack(models.Model):
    _inherit = "med.repack"

    def _post(self):
        """Let a lot that went through its process as a whole stay so under its new numbers.

        What did not go through does not join what did.
        """
        known, sources = self.output_ids.lot_id, self.input_ids.lot_id
        processed = sources and self.kind != "repack" and not sources._med_unprocessed()
        if mixed := known._med_went_through().filtered(
                lambda lot: not processed or lot.product_id not in sources.product_id):
            raise UserError(self.env._(
                "%(lot)s went through its process, and not all that goes into it did: give a new "
                "number instead.", lot=mixed[0].name))
        super()._post()
        if processed:
            made = (self.output_ids.lot_id - known).filtered("product_id.med_batch_process")
            made.filtered(lambda lot: lot.product_id in sources.product_id)._med_set_processed_as(
                sources[:1])
