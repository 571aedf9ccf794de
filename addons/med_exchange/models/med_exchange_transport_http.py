import json
import time

from odoo import models
from odoo.exceptions import UserError

from ..tools import http, webhook

ALLOW_HTTP = "med_exchange.allow_http"  # a setting of the system


class MedExchangeTransportHttp(models.AbstractModel):
    """Messages sent to the partner's address: ``POST {"envelopes": […]}``.

    The address may be ``https://…/json/2/med.exchange/submit`` of another Odoo with this addon,
    the token its API key. Only a system administrator sets an address, since the server itself
    calls it.
    """

    _name = "med.exchange.transport.http"
    _description = "Transport over HTTP"
    _inherit = "med.exchange.transport"

    def _med_prepare(self, partner, envelopes):
        allow = self.env["ir.config_parameter"].sudo().get_param(ALLOW_HTTP)
        try:
            parts = http.check_address(partner.url, allow_http=allow in ("1", "True", "true"))
        except http.BadAddress as error:
            raise UserError(str(error)) from error
        body = b'{"envelopes":[' + b",".join(one.encode() for one in envelopes) + b"]}"
        number = webhook.request_id([json.loads(one)["id"] for one in envelopes])
        key = partner._med_our_key()
        headers = {"Content-Type": "application/json", "Accept": "application/json",
                   "Accept-Encoding": "identity", "User-Agent": "odoo-med-exchange/1",
                   **webhook.headers(number, int(time.time()), body, key.algorithm, key.secret)}
        if token := partner.sudo().token:
            headers["Authorization"] = f"Bearer {token}"
        return http.Call(parts, body, headers)
