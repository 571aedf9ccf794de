# Run inside odoo shell before a test's own WORLD: partners of the exchange with keys.
from datetime import timedelta

from odoo.addons.med_exchange.tools import signing
from odoo.fields import Datetime


class ExchangeFlow:
    """Makes partners as an administrator would; tells what their programs need."""

    def __init__(self, env):
        self.env = env

    def partner(self, code, schemas=("organisation",), **values):
        """Return ``{"code", "uid", "key" (of the API), "secret" (base64, HMAC)}``."""
        env = self.env
        partner = env["med.exchange.partner"].create({
            "name": code, "code": code, **values,
            "partner_id": env["res.partner"].create({"name": code}).id,
            "right_ids": [(0, 0, {"schema": schema, "direction": "in"}) for schema in schemas]})
        partner.make_user()
        key = env["med.exchange.key"].create({
            "exchange_partner_id": partner.id, "name": "first", "algorithm": signing.HMAC})
        secret = key.make_secret()["secret"]
        partner.activate()
        made = env["res.users.apikeys"].with_user(partner.user_id).sudo()._generate(
            "rpc", "exchange", Datetime.now() + timedelta(days=1))
        return {"code": code, "uid": partner.user_id.id, "key": made, "secret": secret,
                "id": partner.id}
