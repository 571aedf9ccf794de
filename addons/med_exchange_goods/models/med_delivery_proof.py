import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError

TOLD = {"their_number", "picture_digest"}


class MedDeliveryProof(models.Model):
    """Recorded and voided proofs are told to partners; what a partner's proof was called there,
    and of which picture it speaks, comes from him."""

    _inherit = "med.delivery.proof"

    their_number = fields.Char("Number There", readonly=True, copy=False)
    picture_digest = fields.Char("SHA-256 of the Picture", readonly=True, copy=False, help=(
        "Of a picture that the partner keeps or sends apart: shows that it is the one he meant."))

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context gets in.
        return super().create([{**dict.fromkeys(TOLD, False), **vals} for vals in vals_list])

    def write(self, vals):
        if TOLD & vals.keys() and not self.env.su:
            raise AccessError(self.env._("What a partner's proof says comes by a message of his."))
        return super().write(vals)

    def _med_picture(self):
        """Return the SHA-256 of the picture, ours or his, as it is told."""
        self.ensure_one()
        if picture := self.with_context(bin_size=False).photo:
            return f"sha256:{hashlib.sha256(base64.b64decode(picture)).hexdigest()}"
        return self.picture_digest or ""

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        self.env["med.exchange.delivery_proof"]._med_tell(self)
