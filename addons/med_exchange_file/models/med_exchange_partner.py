from odoo import fields, models
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

    def _med_verify(self, data):
        """Take the word of this server for what it made itself from a file.

        What bears a signature is verified in any case.
        """
        if data.get("signature") is None and is_vouched(data.get("digest")):
            return None
        return super()._med_verify(data)

    def _med_check_file(self, schema):
        """Raise unless files of a schema may be taken from this partner."""
        self.ensure_one()
        if self.state != "active":
            raise UserError(self.env._(
                "The exchange with %s is not active: activate the partner first.", self.code))
        if not self.sudo()._med_right(schema, "in"):
            raise UserError(self.env._(
                "%(code)s has no right to send “%(schema)s”: give it the right first.",
                code=self.code, schema=schema))
