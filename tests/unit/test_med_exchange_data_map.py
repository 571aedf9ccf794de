"""G2, G4: the data map says what the schemas say. ``WRITE=1`` before the call writes it anew."""

import json
import os
from pathlib import Path

from odoo.addons.med_exchange.tools.data_map import markdown
from odoo.addons.med_exchange.tools.schema import FILE

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "exchange" / "data-map.md"


def test_the_document_is_that_of_the_schemas():
    bodies = []
    for path in (ROOT / "addons").glob("*/schemas/*-*.json"):
        named = FILE.fullmatch(path.name)
        bodies.append((named["name"], int(named["major"]), int(named["minor"]),
                       json.loads(path.read_text())))
    bodies.sort(key=lambda one: one[:3])
    text = markdown([(name, f"{major}.{minor}", body) for name, major, minor, body in bodies])
    if os.environ.get("WRITE"):
        DOCUMENT.write_text(text)
    assert DOCUMENT.read_text() == text, (
        "WRITE=1 python -m pytest tests/unit/test_med_exchange_data_map.py writes it anew")
