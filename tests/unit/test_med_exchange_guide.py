"""X6: what the guide for a partner's programmer shows makes messages that we accept."""

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from odoo.addons.med_base.tools.evidence import canonical_json
from odoo.addons.med_exchange.tools import signing
from odoo.addons.med_exchange.tools.envelope import parse

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "exchange" / "envelope.md").read_text()
MESSAGE = {
    "spec": "med-exchange/1", "id": "mes-000017", "sender": "PLANT-MES", "stream": "main",
    "sequence": 17, "schema": "organisation", "version": "1.0", "action": "state",
    "object": {"id": "H-1", "version": 3, "base": 2}, "time": "2026-11-23T04:30:00Z",
    "payload": {"name": "苏州 \"第一\" \\ /医院\t", "nothing": None, "yes": True, "n": -5}}


def shown(language):
    return re.search(rf"<!-- tested: .* -->\n```{language}\n(.*?)```", GUIDE, re.DOTALL)[1]


def unsigned(data):
    return canonical_json({name: data[name] for name in data if name != "signature"})


def test_the_message_in_python_is_accepted():
    space, secret = {}, signing.new_secret(signing.ED25519)
    exec(shown("python"), space)
    made = json.loads(json.dumps(space["sealed"](MESSAGE, "first", base64.b64decode(secret))))
    assert parse(made).payload == MESSAGE["payload"]
    assert signing.verifies(signing.ED25519, signing.public_of(secret),
                            made["signature"]["value"], unsigned(made))


def test_the_message_in_a_shell_is_accepted(tmp_path):
    """Tried where jq and openssl are; the product needs neither, so they are not installed."""
    if not shutil.which("jq") or not shutil.which("openssl"):
        return
    secret = signing.new_secret(signing.HMAC)
    (tmp_path / "message.json").write_text(json.dumps(MESSAGE))
    subprocess.run(["bash", "-euc", shown("sh")], cwd=tmp_path, check=True,
                   env={**os.environ, "SECRET": secret})
    made = json.loads((tmp_path / "signed.json").read_text())
    assert parse(made).payload == MESSAGE["payload"]
    assert signing.verifies(signing.HMAC, secret, made["signature"]["value"], unsigned(made))


def test_the_message_that_is_shown_has_the_members_of_a_message():
    block = re.search(r"## A message\n\n```json\n(.*?)```", GUIDE, re.DOTALL)[1]
    told = json.loads(block)
    assert set(told) >= set(MESSAGE) | {"digest", "signature", "event_time"}
