from odoo import models
from odoo.addons.med_base.tools.evidence import canonical_json, digest

from ..exceptions import EnvelopeError, Problem
from ..tools import signing
from ..tools.words import _lt, plain


class MedExchangePartner(models.Model):
    """Signatures of a partner are verified, and ours for it are made."""

    _inherit = "med.exchange.partner"

    def _med_verify(self, data, unsigned=None):
        """Check the signature of an envelope against this partner's keys.

        :param data: the envelope as sent, a dictionary
        :param unsigned: the bytes that were signed, where that is not the canonical form of it
        :raise EnvelopeError: it is not signed and has to be, or not by a key in force
        """
        self.ensure_one()
        signature = data.get("signature")
        if signature is None:
            if self.signed:
                raise EnvelopeError([Problem("/signature", plain(_lt(
                    "The message is not signed; %s must sign."), self.code))])
            return
        key = self.sudo().key_ids.filtered(
            lambda one: one.purpose == "theirs" and one.name == signature.get("key")
            and one.algorithm == signature.get("algorithm") and one.usable)
        known = key.secret if key.algorithm == signing.HMAC else key.public_key
        unsigned = unsigned or canonical_json(
            {name: data[name] for name in data if name != "signature"})
        if not key or not signing.verifies(key.algorithm, known, signature.get("value"), unsigned):
            raise EnvelopeError([Problem("/signature", plain(_lt(
                "The signature is not one by a key of %s that is in force."), self.code))])

    def _med_sign(self, data):
        """Return an envelope with its digest, and signed where we have a key for this partner."""
        self.ensure_one()
        bare = {name: data[name] for name in data if name not in ("digest", "signature")}
        sealed = {**bare, "digest": f"sha256:{digest(canonical_json(bare))}"}
        keys = self.sudo().key_ids.filtered(lambda one: one.purpose == "ours" and one.usable)
        if not keys:
            return sealed
        key = keys[0]
        return {**sealed, "signature": {
            "key": key.name, "algorithm": key.algorithm,
            "value": signing.sign(key.algorithm, key.secret, canonical_json(sealed))}}
