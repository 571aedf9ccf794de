from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit


class MedCapaRequestAnswer(models.Model):
    """An answer from the portal bears the processor's own signature."""

    _inherit = "med.capa.request.answer"

    signature_id = fields.Many2one(
        "med.processor.signature", "Signature of the Processor", readonly=True,
        index="btree_not_null", ondelete="restrict",
        help="Who of its people signed it in the portal, and what exactly. Empty: the answer came "
             "by message, or on paper.")

    def _med_signed_by(self, signature):
        """Keep the signature under an answer."""
        with permit(self._name, self.ids, ("signature_id",)):
            self.sudo().write({"signature_id": signature.id})
