from odoo import fields, models
from odoo.addons.med_exchange.tools import signing
from odoo.exceptions import UserError

from ..tools.vouch import is_vouched


class MedExchangePartner(models.Model):
    """A partner that has nothing but files needs no key; its program still does."""

    _inherit = "med.exchange.partner"

    mapping_ids = fields.One2many("med.exchange.mapping", "exchange_partner_id", "Mappings")

    def activate(self):
        """Let messages of these partners come and go.

        A partner with a mapping in force may be without a key: its files are taken in by people
        here. What its program sends without a signature is refused as ever.
        """
        by_file = self.filtered(
            lambda one: one.signed and one.transport == "pull"
            and not one.key_ids.filtered("usable")
            and one.mapping_ids.filtered(lambda mapping: mapping.state == "active"))
        by_file.write({"state": "active"})
        if rest := self - by_file:
            super(MedExchangePartner, rest).activate()
        return True

    def _med_verify(self, data, unsigned=None):
        """Take the word of this server for what it made itself from a file.

        What bears a signature is verified in any case.
        """
        if data.get("signature") is None and is_vouched(data.get("digest")):
            return None
        return super()._med_verify(data, unsigned)

    def _med_stands_for(self, data, key, signature):
        """Return whether this partner stands for a file: it is signed, or need not be.

        Who has had a key signs, even when the key has ended: whoever revokes a key does not mean
        that files are taken from anybody.

        :param data: the bytes of the file
        :param key: name of the key that signed it, "" for none
        :param signature: in base64, "" for none
        :raise UserError: a signature is there, and not one by a key in force
        """
        self.ensure_one()
        keys = self.sudo().key_ids.filtered(lambda one: one.purpose == "theirs")
        if not key and not signature:
            return not (self.signed and keys)
        found = keys.filtered(lambda one: one.name == key and one.usable)
        known = found.secret if found.algorithm == signing.HMAC else found.public_key
        if not found or not signing.verifies(found.algorithm, known, signature, data):
            raise UserError(self.env._(
                "The signature is not one of this file by a key of %s that is in force.",
                self.code))
        return True

    def _med_has_program(self):
        """Return whether more than people with files may speak for this partner, or hear it."""
        self.ensure_one()
        partner = self.sudo()
        queue = any(partner[name] for name in ("broker_id", "amqp_queue", "amqp_answers")
                    if name in partner._fields)  # of an addon beside this one
        return bool(partner.transport != "pull" or partner.url or partner.token or queue
                    or partner.user_id or partner.key_ids or partner.line_ids)

    def _med_check_file(self, schema):
        """Raise unless files of a schema may be taken from this partner."""
        self.ensure_one()
        if self.state != "active" or not self.active:
            raise UserError(self.env._(
                "The exchange with %s is not active: activate the partner first.", self.code))
        if not self.sudo()._med_right(schema, "in"):
            raise UserError(self.env._(
                "%(code)s has no right to send “%(schema)s”: give it the right first.",
                code=self.code, schema=schema))
