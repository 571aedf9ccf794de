"""The data map as a document: every field that crosses the boundary, and all that is laid down."""

from .schema import fields

HEAD = """# Data map

What crosses the boundary of the exchange: each object, each field, its type, unit, precision and
range, the function that answers for it (owner) and the kind of system whose word counts where two
differ (source of truth). Made from `addons/*/schemas/*.json`; the client shows the same under
*Exchange › Set-Up › Data Map*, and the method `schema` gives it to partners.

- A field in **bold** is required. `-` in a field's pointer stands for any row of a list.
- *decimal* is a number as text, `"12.50"`. *quantity* is `{"value": "12.50", "unit": "mm"}`: other
  units of the same kind are converted on the way in and rounded, half to even, to the places named.
  The range holds for the value before it is rounded. The message keeps what was sent.
- Without a unit in this table a quantity keeps the unit it has: a UCUM code, or a name of your own
  in braces, `{piece}`.
"""


def markdown(bodies):
    """Return the document of many schemas.

    :param bodies: ``[(name, version, body)]`` in the order in which they are shown
    """
    parts = [HEAD]
    parts.append("\n".join(["| object | version | what it is |", "|---|---|---|", *(
        f"| [`{name}`](#{name}-{version.replace('.', '')}) | {version} | {body['description']} |"
        for name, version, body in bodies)]) + "\n")
    parts += [_object(name, version, body) for name, version, body in bodies]
    return "\n".join(parts)


def _object(name, version, body):
    rows = ["| field | type | unit, places | range or values | owner | truth | meaning |",
            "|---|---|---|---|---|---|---|"]
    states = []
    for one in fields(body):
        shown = f"`{one.pointer}`"
        rows.append("| " + " | ".join([
            f"**{shown}**" if one.required else shown, one.kind,
            f"{one.unit}, {one.precision}" if one.unit else "",
            _cell("; ".join(filter(None, [one.limits, ", ".join(map(str, one.values))]))),
            one.owner, one.truth, _cell(one.description)]) + " |")
        if one.states:
            states.append(f"`{one.pointer}`: " + "; ".join(one.transitions.split("\n")) + ".")
    text = f"## {name} {version}\n\n{body['title']}. {body['description']}\n\n" + "\n".join(rows)
    if states:
        text += "\n\nWhat may follow what. " + " ".join(states)
    return text + "\n"


def _cell(text):
    """Text in a cell of a table: a form (regular expression) may hold a bar."""
    return text.replace("|", "\\|")
