"""Quantities, times and codes as they cross the border: texts, never floats."""

from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation

# As people write units of measure: UCUM's code.
WRITTEN = {"°C": "Cel", "℃": "Cel", "°F": "[degF]", "K": "K", "µm": "um", "μm": "um", "Ω": "Ohm",
           "inch": "[in_i]", "in": "[in_i]", "l": "L", "ml": "mL", "sec": "s", "hour": "h"}
# Words of warehouses for goods that may be used, and for those that may not.
FREE = {"available", "free", "unrestricted", "unrestricted use", "ok", "good", "released",
        "conditional", "合格", "可用", "放行", "良品", "正常"}
STOPPED = {"blocked", "block", "hold", "on hold", "held", "quarantine", "quarantined", "rejected",
           "restricted", "locked", "frozen", "expired", "damaged", "不合格", "待验", "待检", "冻结",
           "锁定", "隔离", "停用", "过期", "次品", "残次"}
LONGEST = 128  # characters of an object's code

UNITS = {  # external id of Odoo's unit: its UCUM code
    "product_uom_unit": "1", "product_uom_gram": "g", "product_uom_kgm": "kg",
    "product_uom_ton": "t", "product_uom_lb": "[lb_av]", "product_uom_oz": "[oz_av]",
    "product_uom_millimeter": "mm", "product_uom_cm": "cm", "product_uom_meter": "m",
    "product_uom_km": "km", "product_uom_inch": "[in_i]", "product_uom_foot": "[ft_i]",
    "product_uom_milliliter": "mL", "product_uom_litre": "L", "product_uom_cubic_meter": "m3",
    "product_uom_square_meter": "m2", "product_uom_hour": "h", "product_uom_day": "d",
    "product_uom_minute": "min",
}


def text_of(number):
    """Return a quantity as decimal text: exact to six places, no exponent, no zeros at the end."""
    found = format(Decimal(repr(float(number))).quantize(Decimal("0.000001")), "f")
    found = found.rstrip("0").rstrip(".")
    return "0" if found in ("", "-0") else found


def number_of(text):
    """Return the finite Decimal that a decimal text says, or None."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < Decimal("1e12") else None


def ucum(written, known):
    """Return the UCUM code of a unit as people wrote it; one that is not known goes in braces.

    :param known: UCUM codes that the exchange knows
    """
    code = WRITTEN.get(written, written)
    if code in known:
        return code
    return "{%s}" % written.replace(" ", "_").encode("ascii", "replace").decode()[:30]


def usable(status):
    """Return whether goods of a status in a warehouse's own words may be used; None: not known."""
    word = " ".join(status.casefold().replace("_", " ").replace("-", " ").split())
    return True if word in FREE else False if word in STOPPED else None


def plain_decimal(text):
    """Return a limit that a person wrote as decimal text that crosses the border, or None."""
    number = number_of((text or "").strip())
    if number is None:
        return None
    found = format(number, "f")
    whole, _point, rest = found.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    whole = whole.lstrip("+0") or "0"
    return None if len(rest) > 9 else f"{sign}{whole}" + (f".{rest}" if rest else "")


def celsius(number, unit):
    """Return a temperature in °C as Decimal; ``unit``: ``celsius`` or ``fahrenheit``."""
    found = Decimal(repr(float(number)))
    return (found - 32) * 5 / 9 if unit == "fahrenheit" else found


def place_text(limit, up):
    """Return a limit as decimal text with at most one place, rounded into the limits.

    :param up: whether it is a lower limit
    """
    return text_of(limit.quantize(Decimal("0.1"), ROUND_CEILING if up else ROUND_FLOOR))


def joined(words, longest):
    """Return words with commas; what does not fit is counted: “A, B, and 3 more”."""
    words = list(words)
    for kept in range(len(words), 0, -1):
        rest = len(words) - kept
        text = ", ".join(words[:kept]) + (f", and {rest} more" if rest else "")
        if len(text) <= longest:
            return text
    return f"{len(words)}" if words else ""


def time_text(moment):
    """Return naive UTC as ISO text with Z; empty for none."""
    return moment.isoformat(timespec="seconds") + "Z" if moment else ""


def time_of(text):
    """Return naive UTC without fractions, or None for what is no time with a zone."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (ValueError, AttributeError, TypeError):
        return None
    if not found.tzinfo:
        return None
    return (found - found.utcoffset()).replace(tzinfo=None, microsecond=0)


def lot_code(product, name, number):
    """Return the code of a lot: its name counts only within its product."""
    code = f"{product}/{name}"
    return code if len(code) <= LONGEST else f"lot-{number}"


def splits(code):
    """Return each way to read a lot's code as ``(product, name)``: both may hold a slash."""
    return [(code[:at], code[at + 1:]) for at, sign in enumerate(code)
            if sign == "/" and at and at + 1 < len(code)]


def told(parameters):
    """Return one line of text a reported parameter, in the order they were sent."""
    lines = []
    for name, value in parameters.items():
        for one in value if isinstance(value, list) else [{"name": name, "measured": value}]:
            words = [one["name"].replace("_", " ")]
            words += [f"{key} {one[key]['value']} {one[key]['unit']}".removeprefix("measured ")
                      for key in ("measured", "low", "high") if key in one]
            words += [one[key] for key in ("text", "time") if one.get(key)]
            lines.append(", ".join(words))
    return lines
