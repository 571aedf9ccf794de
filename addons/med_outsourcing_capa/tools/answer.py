"""What a processor says of corrective action, from the fields of the page."""

from datetime import date

from odoo.addons.med_outsourcing_portal.tools.form import LONG, FormError, rows_of, text

KINDS = ("correction", "corrective", "preventive")
STATES = ("open", "planned", "implemented", "effective", "ineffective", "cancelled")
TEXTS = ("containment", "cause", "effect", "note")
COLUMNS = tuple(f"action_{name}" for name in ("what", "who", "due", "done"))


def read(form):
    """Return ``{"containment", "cause", "effect", "note", "actions"}``.

    :raise FormError: a day is none (``day``); an action has no words (``missing``); nothing is
        said at all (``missing``, at the containment)
    """
    told = {name: text(form, name, LONG) for name in TEXTS}
    rows = [_action(form, row) for row in rows_of(form, *COLUMNS)]
    told["actions"] = [one for one in rows if one]
    if not any(told.values()):
        raise FormError("containment", "missing")
    return told


def _action(form, row):
    def name(column):
        return f"action_{column}_{row}"

    what, who = text(form, name("what"), LONG), text(form, name("who"))
    due, done = day(form, name("due")), day(form, name("done"))
    if not what:
        if who or due or done:
            raise FormError(name("what"), "missing")
        return None
    kind = text(form, name("kind")) or "corrective"
    if kind not in KINDS:
        raise FormError(name("kind"), "missing")
    return {"kind": kind, "what": what, "who": who, "due": due, "done": done}


def day(form, name):
    """Return a field as a day in ISO text, or an empty text.

    :raise FormError: it is no day
    """
    value = text(form, name, 20)
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise FormError(name, "day") from None


def own(form):
    """Return what is said of a CAPA of the firm's own: ``{"number", "state", "title", "problem"}``.

    :raise FormError: number or title is missing, or no state is chosen
    """
    said = {"number": text(form, "number", 128), "title": text(form, "title"),
            "state": text(form, "state"), "problem": text(form, "problem", LONG)}
    for name in ("number", "title"):
        if not said[name]:
            raise FormError(name, "missing")
    if said["state"] not in STATES:
        raise FormError("state", "missing")
    return said
