"""What a release rests on: one row a check, with what is missing and what was excepted.

Nothing here reads a database. Rows are plain data, because they are kept as JSON once signed:
``{"key", "label", "state", "text", "model", "res_id", "exception", "items", "more", "counts",
"basis"}``; an item is ``{"state", "text", "model", "res_id", "exception"}``.
"""

from collections import Counter

from odoo.addons.med_base.tools.evidence import canonical_json
from odoo.addons.med_base.tools.evidence import digest as sha256

OK, NOTE, EXCEPTED, MISSING = "ok", "note", "excepted", "missing"
ORDER = (MISSING, EXCEPTED, OK)
SHOWN = 50


def item(state, text, model="", res_id=0, exception=""):
    """Return one thing of a check.

    :param state: missing, excepted or note; an exception that nobody approved is missing
    :param model: of the document where it is mended
    :param exception: name of the approved concession, deviation or decision
    """
    if state == EXCEPTED and not exception:
        state = MISSING
    return {"state": state, "text": text, "model": model, "res_id": res_id,
            "exception": exception}


def row(key, label, fine, items=(), basis=None):
    """Return a check.

    :param fine: what is said where nothing is missing
    :param items: of :func:`item`; what is missing first
    :param basis: plain data of all that was looked at, so that the digest tells a change of it
    """
    rank = {MISSING: 0, EXCEPTED: 1, NOTE: 2}
    items = sorted(items, key=lambda one: rank[one["state"]])
    states = Counter(one["state"] for one in items)
    state = MISSING if MISSING in states else EXCEPTED if EXCEPTED in states else OK
    first = items[0] if state != OK else {"model": "", "res_id": 0, "exception": ""}
    return {
        "key": key, "label": label, "state": state, "text": fine,
        "model": first["model"], "res_id": first["res_id"], "exception": first["exception"],
        "items": items[:SHOWN], "more": max(len(items) - SHOWN, 0), "counts": dict(states),
        "basis": sha256(canonical_json([items, basis])),
    }


def sort(rows):
    """Return the rows with what is missing first, then the exceptions, else as they came."""
    return sorted(rows, key=lambda one: ORDER.index(one["state"]))


def digest(rows):
    """Return the SHA-256 of what a release rests on; of nothing, an empty text."""
    return sha256(canonical_json(
        [[one["key"], one["state"], one["text"], one["basis"]] for one in rows])) if rows else ""


def count(rows, state):
    """Return how many things are in a state, those that are not listed included."""
    return sum(check["counts"].get(state, 0) for check in rows)


def text(rows, words):
    """Return the rows as lines of text, for the signer to read.

    :param words: state → word
    """
    lines = []
    for check in sort(rows):
        lines.append(f"{check['label']}: {words[check['state']]}. {check['text']}")
        for one in check["items"][:10]:
            named = f" ({one['exception']})" if one["exception"] else ""
            lines.append(f"  - {words[one['state']]}: {one['text']}{named}")
        if len(check["items"]) > 10:
            lines.append(f"  - … {len(check['items']) - 10 + check['more']}")
    return "\n".join(lines)


def missing(rows, most=3):
    """Return ``(label, text)`` of the first things that are missing."""
    found = [(check["label"], one["text"]) for check in rows for one in check["items"]
             if one["state"] == MISSING]
    return found[:most]
