"""Records as files over HTTP: found as far as the reader may read them, and noted in the trail."""

import re
from hashlib import sha256

from odoo.http import request

PDF = "application/pdf"


def named(model, number):
    """Return the record that an address names, none where the reader may not read it.

    :param str number: its id, as it stands in the address
    """
    return request.env[model].search([("id", "=", number_of(number))])


def number_of(text):
    """Return the id that a text of an address is, 0 where it is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else 0


def exported(record, data, name, content_type=PDF, **more):
    """Note in the trail that a file of a record goes out; return it as ``file_answer`` takes it.

    :param more: what else the entry says, beside name and SHA-256
    """
    request.env["med.audit.entry"]._record_event("export", record, {
        "file": name, **more, "sha256": sha256(data).hexdigest()})
    return data, name, content_type
