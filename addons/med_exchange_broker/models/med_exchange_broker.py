from odoo import api, fields, models
from odoo.addons.med_exchange.tools.http import is_loopback
from odoo.exceptions import UserError, ValidationError

from ..tools import amqp


class MedExchangeBroker(models.Model):
    """A message broker that speaks AMQP 0-9-1, as RabbitMQ does."""

    _name = "med.exchange.broker"
    _description = "Message Broker"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    host = fields.Char(required=True)
    port = fields.Integer(required=True, default=5671)
    virtual_host = fields.Char(required=True, default="/")
    user = fields.Char(required=True)
    password = fields.Char(groups=fields.NO_ACCESS, copy=False)
    has_password = fields.Boolean("Has a Password", compute="_compute_has_password")
    new_password = fields.Char("Enter the Password", compute="_compute_new_password",
                               inverse="_inverse_new_password",
                               help="It is never shown again. Who changes host, port, encryption "
                                    "or user enters it anew: it goes nowhere else.")
    tls = fields.Boolean("Encrypted (TLS)", default=True)
    partner_ids = fields.One2many("med.exchange.partner", "broker_id", "Partners")

    _port_valid = models.Constraint("CHECK (port BETWEEN 1 AND 65535)",
                                    "A port is a number from 1 to 65535.")

    @api.depends("password")
    def _compute_has_password(self):
        for broker in self:
            broker.has_password = bool(broker.sudo().password)

    def _compute_new_password(self):
        self.new_password = False

    def _inverse_new_password(self):
        for broker in self.filtered("new_password"):
            broker.set_password(broker.new_password)
        self.invalidate_recordset(["new_password"], flush=False)

    @api.constrains("tls", "host")
    def _check_tls(self):
        for broker in self:
            if not broker.tls and not is_loopback(broker.host):
                raise ValidationError(self.env._(
                    "%s is another machine: messages go there encrypted only.", broker.host))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A broker is archived, not deleted."))

    def write(self, vals):
        # Else whoever enters another host is sent the password.
        moved = {"host", "port", "tls", "user"} & vals.keys()
        if changed := self.sudo().filtered(lambda broker: broker.password and any(
                broker[name] != vals[name] for name in moved)):
            self.check_access("write")
            changed.password = False
        return super().write(vals)

    def set_password(self, password: str):
        """Keep the password with which we sign in."""
        self.ensure_one()
        self.check_access("write")
        self.sudo().password = password
        return True

    def try_connection(self):
        """Connect, and say whether it worked; what the broker says is shown."""
        self.ensure_one()
        self.check_access("write")
        try:
            with self._med_address().channel():
                pass
        except amqp.FAILURES as error:
            raise UserError(self.env._(
                "%(broker)s cannot be reached: %(error)s. Look at host, port, user and password.",
                broker=self.name, error=f"{type(error).__name__} {error}".strip())) from error
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "message": self.env._("%s answers.", self.name), "type": "success"}}

    def _med_address(self):
        """Return the :class:`..tools.amqp.Address` of this broker."""
        self.ensure_one()
        known = self.sudo()
        return amqp.Address(known.host, known.port, known.virtual_host, known.user,
                            known.password or "", known.tls)
