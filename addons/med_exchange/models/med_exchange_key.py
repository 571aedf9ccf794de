from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import signing


class MedExchangeKey(models.Model):
    """A key that signs messages: theirs, which we verify with, or ours. Keys overlap and end."""

    _name = "med.exchange.key"
    _description = "Key of an Exchange Partner"
    _order = "exchange_partner_id, purpose, valid_from desc, id desc"

    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", required=True,
                                          index=True, ondelete="cascade")
    company_id = fields.Many2one(related="exchange_partner_id.company_id", store=True, index=True)
    name = fields.Char("Key Name", required=True, help="What a signature names it by.")
    purpose = fields.Selection([("theirs", "Verifies what they send"),
                                ("ours", "Signs what we send")], required=True, default="theirs")
    algorithm = fields.Selection([(signing.ED25519, "Ed25519"), (signing.HMAC, "HMAC-SHA-256")],
                                 required=True, default=signing.ED25519)
    public_key = fields.Char(help="Ed25519: 32 bytes in base64.")
    secret = fields.Char(groups=fields.NO_ACCESS, copy=False)
    new_secret = fields.Char("Enter the Secret", compute="_compute_new_secret",
                             inverse="_inverse_new_secret",
                             help="A shared secret that the partner made: base64 of at least 24 "
                                  "bytes. It is never shown again.")
    has_secret = fields.Boolean("Has Its Secret", compute="_compute_has_secret")
    valid_from = fields.Datetime(required=True, default=fields.Datetime.now)
    valid_to = fields.Datetime(help="Empty: until it is revoked.")
    revoked_at = fields.Datetime(readonly=True, copy=False)
    usable = fields.Boolean("In Force", compute="_compute_usable")

    _name_unique = models.Constraint("UNIQUE (exchange_partner_id, purpose, name)",
                                     "The partner has a key of this name.")

    @api.depends("secret")
    def _compute_has_secret(self):
        for key in self:
            key.has_secret = bool(key.sudo().secret)

    def _compute_new_secret(self):
        self.new_secret = False

    def _inverse_new_secret(self):
        for key in self.filtered("new_secret"):
            key.set_secret(key.new_secret)
        self.invalidate_recordset(["new_secret"], flush=False)

    @api.depends("valid_from", "valid_to", "revoked_at", "public_key", "secret", "algorithm",
                 "purpose")
    def _compute_usable(self):
        now = fields.Datetime.now()
        for key in self:
            enough = key.sudo().secret or (
                key.public_key and key.purpose == "theirs" and key.algorithm == signing.ED25519)
            key.usable = bool(
                enough and not key.revoked_at and key.valid_from and key.valid_from <= now
                and (not key.valid_to or now < key.valid_to))

    @api.constrains("public_key", "algorithm", "purpose")
    def _check_public_key(self):
        for key in self:
            if not key.public_key:
                continue
            try:
                signing.raw(key.public_key, 32)
            except signing.BadKey as error:
                raise ValidationError(self.env._(
                    "The public key of “%(key)s” cannot be used: %(error)s.",
                    key=key.name, error=error)) from error

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        raise UserError(self.env._("A key is revoked, not deleted: signatures name it."))

    def make_secret(self):
        """Make a new secret and return it once: ``{"version": 1, "secret": base64}``.

        Of an Ed25519 key of ours only the public half is told.
        """
        self.ensure_one()
        self.check_access("write")
        if self.has_secret or self.public_key:
            raise UserError(self.env._("“%s” has its secret. Make another key.", self.name))
        if (self.algorithm, self.purpose) == (signing.ED25519, "theirs"):
            raise UserError(self.env._("The partner makes its own Ed25519 key: ask for the public "
                                       "half and enter that."))
        secret = signing.new_secret(self.algorithm)
        self.sudo().secret = secret
        if self.algorithm == signing.HMAC:
            return {"version": 1, "secret": secret}
        self.public_key = signing.public_of(secret)
        return {"version": 1, "public_key": self.public_key}

    def show_new_secret(self):
        """Make the secret of this key, and show on screen, once, what the partner must have."""
        told = self.make_secret()
        told.pop("version")
        return self.exchange_partner_id._med_show(next(iter(told.values())))

    def set_secret(self, secret: str):
        """Keep a shared secret that the partner made: base64 of at least 24 bytes."""
        self.ensure_one()
        self.check_access("write")
        try:
            length = len(signing.raw(secret))
        except signing.BadKey:
            length = 0
        if self.has_secret or self.algorithm != signing.HMAC or length < signing.SHORTEST:
            raise UserError(self.env._(
                "A secret is set once, for HMAC-SHA-256, as base64 of at least %s bytes.",
                signing.SHORTEST))
        self.sudo().secret = secret
        return True

    def revoke(self):
        """End these keys now: what they sign from now on is refused."""
        self.filtered(lambda key: not key.revoked_at).write({"revoked_at": fields.Datetime.now()})
        return True

    def write(self, vals):
        fixed = {"name", "purpose", "algorithm", "exchange_partner_id", "secret"} & vals.keys()
        if fixed and not self.env.su:
            raise UserError(self.env._("A key stays what it is. Revoke it and make another."))
        if "public_key" in vals and any(key.public_key for key in self) and not self.env.su:
            raise UserError(self.env._("A key stays what it is. Revoke it and make another."))
        if "revoked_at" in vals and not self.env.su and (
                not vals["revoked_at"] or any(key.revoked_at for key in self)):
            raise UserError(self.env._(
                "A key that is revoked stays revoked, as of then. Make another key."))
        return super().write(vals)
