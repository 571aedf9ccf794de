"""The fields of a JSON schema that one cell of a table can fill. No Odoo."""

DEPTH = 6


def flat(schema):
    """Return ``[{"pointer", "name", "title", "type", "required", "top", "hint"}, …]``.

    ``type`` is one of string, integer, boolean, date, date-time, decimal, quantity, array;
    ``quantity`` is an object of a value and its unit. ``-`` stands for the entries of a list.
    ``hint`` is what may stand in the field, in few words.
    """
    return list(_walk(schema, schema, "", (), DEPTH, True))


def _walk(root, node, pointer, outer, depth, needed):
    if not depth:
        return
    node = _target(root, node)
    asked = set(node.get("required") or ())
    for name, inner in (node.get("properties") or {}).items():
        inner = _target(root, inner)
        path = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        required = needed and name in asked
        kind = _kind(inner)
        if kind == "object":
            yield from _walk(root, inner, path, outer, depth - 1, required)
        elif kind == "array" and _kind(_target(root, inner.get("items") or {})) == "object":
            yield from _walk(root, inner["items"], f"{path}/-", outer, depth - 1, required)
        else:
            yield {"pointer": path, "name": name, "title": inner.get("title") or "", "type": kind,
                   "required": required, "top": not pointer, "hint": _hint(root, inner, kind)}


def _target(root, node):
    for _turn in range(5):
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not reference or not reference.startswith("#/"):
            break
        found = root
        for step in reference[2:].split("/"):
            found = found.get(step, {}) if isinstance(found, dict) else {}
        node = {**found, **{key: value for key, value in node.items() if key != "$ref"}}
    return node if isinstance(node, dict) else {}


def _kind(node):
    kind = node.get("type")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "string")
    if "properties" in node or kind == "object":
        inner = node.get("properties") or {}
        return "quantity" if {"value", "unit"} <= inner.keys() and len(inner) == 2 else "object"
    if kind == "string" and node.get("format") in ("date", "date-time"):
        return node["format"]
    if kind == "string" and _is_decimal(node):
        return "decimal"
    return kind if kind in ("integer", "boolean", "array") else "string"


def _is_decimal(node):
    return "x-unit" in node or "x-precision" in node or node.get("format") == "decimal"


def _hint(root, node, kind):
    """Return what may stand in a field."""
    if kind == "array":
        node = _target(root, node.get("items") or {})
    parts = []
    if node.get("enum"):
        parts.append(" / ".join(str(one) for one in node["enum"]))
    if "const" in node:
        parts.append(str(node["const"]))
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None or high is not None:
        parts.append(f"{'' if low is None else low}…{'' if high is None else high}")
    if node.get("maxLength"):
        parts.append(f"≤ {node['maxLength']}")
    unit = node.get("x-unit") or (node.get("properties") or {}).get("value", {}).get("x-unit")
    if unit and unit != "1":
        parts.append(unit if isinstance(unit, str) else " ".join(map(str, unit)))
    words = {"date": "2026-11-23", "date-time": "2026-11-23 04:30"}
    return ", ".join(parts) or words.get(kind, "")
