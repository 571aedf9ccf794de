"""What a partner's program does, in the standard library alone: envelopes, sealed and signed."""

import base64
import hashlib
import hmac
import json


def canonical(data):
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Sender:
    """One partner's program.

    :param account: what ``exchange_flow.ExchangeFlow.partner`` told
    """

    def __init__(self, account):
        self.code, self.secret = account["code"], base64.b64decode(account["secret"])

    def sealed(self, data):
        """Return an envelope with digest and signature."""
        digest = hashlib.sha256(canonical(data)).hexdigest()
        data = {**data, "digest": f"sha256:{digest}"}
        value = hmac.digest(self.secret, canonical(data), "sha256")
        return {**data, "signature": {"key": "first", "algorithm": "hmac-sha256",
                                      "value": base64.b64encode(value).decode()}}

    def organisation(self, number, thing, name="Hospital", stream="main", version=1, **changes):
        """Return a sealed message about an organisation."""
        return self.sealed({
            "spec": "med-exchange/1", "id": f"{stream}-{number}", "sender": self.code,
            "stream": stream, "sequence": number, "schema": "organisation", "version": "1.0",
            "action": "state", "time": "2026-11-23T04:30:00Z",
            "object": {"id": thing, "version": version, "base": version - 1},
            "payload": {"name": name, "code": thing, "is_company": True, "kind": "contact"},
            **changes})
