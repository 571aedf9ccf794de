from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import http
from .med_exchange_partner import CODE
from .med_exchange_transport_http import ALLOW_HTTP


class MedExchangePartner(models.Model):
    """What is sent to a partner."""

    _inherit = "med.exchange.partner"

    our_code = fields.Char(
        "Our Code There", tracking=True,
        help="Under which code the partner knows us: the sender of our messages. Empty: MED and "
             "the number of the company.")
    new_token = fields.Char(
        help="What the partner gave us to call its address with. It is never shown again. Who "
             "changes the address enters it anew: it goes nowhere else.")
    line_ids = fields.One2many("med.exchange.line", "exchange_partner_id", "Lines")

    @api.constrains("our_code")
    def _check_our_code(self):
        for partner in self:
            if partner.our_code and not CODE.fullmatch(partner.our_code):
                raise ValidationError(self.env._(
                    "“%s” is no code: 2 to 32 capital letters, digits and hyphens.",
                    partner.our_code))

    @api.constrains("url", "transport")
    def _check_url(self):
        allow = self.env["ir.config_parameter"].sudo().get_param(ALLOW_HTTP)
        for partner in self.filtered("url"):
            try:
                http.check_address(partner.url, allow_http=allow in ("1", "True", "true"))
            except http.BadAddress as error:
                raise ValidationError(str(error)) from error

    def write(self, vals):
        if {"state", "active"} & vals.keys():
            self.env.registry.clear_cache()  # of who hears what
        if "our_code" in vals and any(
                one.our_code != vals["our_code"] for one in self.sudo()) and self.sudo().line_ids:
            raise UserError(self.env._(
                "Messages were sent under our code there; it stays. Make a new partner for another "
                "code."))
        if "url" in vals and (moved := self.sudo().filtered(
                lambda one: one.token and (one.url or "") != (vals["url"] or ""))):
            # Else whoever enters another address is sent the token.
            self.check_access("write")
            moved.token = False
        done = super().write(vals)
        if vals.get("state") == "active":
            self.env.ref("med_exchange.med_exchange_cron_drain")._trigger()
        return done

    def _med_told_schemas(self):
        """Return the names of the schemas that the partner hears of now."""
        return self.with_context({}).sudo().right_ids.filtered(
            lambda right: right.active and right.direction == "out").mapped("schema")

    def _med_our_code(self):
        """Return the code under which this partner knows us."""
        return self.our_code or f"MED-{self.company_id.id}"

    def _med_our_key(self):
        """Return the key of ours that signs for this partner now, or no record."""
        return self.sudo().key_ids.filtered(
            lambda one: one.purpose == "ours" and one.usable)[:1]

    def _med_touch(self):
        """Note that the partner was heard of now."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_partner SET last_contact = date_trunc('second', clock_timestamp()
                   AT TIME ZONE 'UTC') WHERE id = ANY(%s)""", self.ids))
        self.invalidate_model(["last_contact"])

    def action_lines(self):
        """Open the lines to this partner."""
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "med.exchange.line",
                "name": self.env._("Lines"), "view_mode": "list,form",
                "domain": [("exchange_partner_id", "in", self.ids)]}
