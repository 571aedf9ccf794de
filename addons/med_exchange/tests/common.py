import itertools
from datetime import datetime, timedelta, timezone

from odoo.addons.med_base.tests.common import MedCase
from odoo.addons.med_base.tools.evidence import canonical_json, digest

from ..tools import signing

PAYLOAD = {"name": "Hospital No. 1", "code": "H-1", "is_company": True, "country": "CN"}


class ExchangeFactory:
    """Partners with rights and keys, and envelopes as their programs would send them."""

    @classmethod
    def partner_of(cls, code, rights=(("organisation", "in"),), **values):
        """Return an active partner with a user; its messages are signed with ``secrets[code]``."""
        if not hasattr(cls, "secrets"):
            cls.secrets, cls.numbers = {}, itertools.count(1)
        partner = cls.env["med.exchange.partner"].create({
            "name": code.title(), "code": code,
            "partner_id": cls.env["res.partner"].create({"name": f"{code} Ltd"}).id, **values})
        partner.make_user()
        for schema, direction in rights:
            cls.right(partner, schema, direction)
        cls.secrets[code] = signing.new_secret(signing.ED25519)
        cls.env["med.exchange.key"].create({
            "exchange_partner_id": partner.id, "name": "first",
            "public_key": signing.public_of(cls.secrets[code])})
        partner.activate()
        return partner

    @classmethod
    def right(cls, partner, schema="organisation", direction="in", **values):
        return cls.env["med.exchange.right"].create({
            "exchange_partner_id": partner.id, "schema": schema, "direction": direction, **values})

    @classmethod
    def envelope(cls, partner, payload=None, **changes):
        """Return a signed envelope; a change of None leaves that member out.

        ``sequence`` counts up by itself; ``key`` names another key; ``object`` is an id or a dict.
        """
        number = next(cls.numbers)
        thing = changes.pop("object", "H-1")
        data = {"spec": "med-exchange/1", "id": f"m-{number}", "sender": partner.code,
                "stream": "main", "sequence": number, "schema": "organisation", "version": "1.0",
                "action": "state", "time": "2026-11-23T04:30:00Z",
                "object": thing if isinstance(thing, dict) else {"id": thing, "version": 1},
                "payload": PAYLOAD if payload is None else payload, **changes}
        return cls.sealed(partner, {name: value for name, value in data.items()
                                    if value is not None})

    @staticmethod
    def moment(**apart):
        """Return the time of now, or so far from it, as an envelope says it."""
        found = datetime.now(timezone.utc) + timedelta(**apart)
        return found.strftime("%Y-%m-%dT%H:%M:%SZ")

    @classmethod
    def sealed(cls, partner, data, key="first"):
        """Return an envelope with its digest and the signature of the partner."""
        sealed = {**data, "digest": f"sha256:{digest(canonical_json(data))}"}
        return {**sealed, "signature": {
            "key": key, "algorithm": signing.ED25519,
            "value": signing.sign(signing.ED25519, cls.secrets[partner.code],
                                  canonical_json(sealed))}}


class ExchangeCase(ExchangeFactory, MedCase):
    """Base of the database tests of the exchange."""
