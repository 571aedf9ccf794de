"""What an order froze, as it is told to its processor; what he measured, in the order's units."""

from decimal import Decimal

from odoo.addons.med_exchange.tools import units
from odoo.addons.med_exchange_goods.tools import figures

PLACES = 6
UCUM = {
    "°C": "Cel", "°F": "[degF]", "µm": "um", "µL": "uL", "µg": "ug", "µA": "uA", "in": "[in_i]",
    "ft": "[ft_i]", "lb": "[lb_av]", "oz": "[oz_av]", "psi": "[psi]", "m²": "m2", "cm²": "cm2",
    "mm²": "mm2", "m³": "m3", "cm³": "cm3", "Ω": "Ohm", "kΩ": "kOhm", "MΩ": "MOhm", "°": "deg",
    "pH": "[pH]", "CFU": "[CFU]", "CFU/m³": "[CFU]/m3", "EU/mL": "[EU]/mL", "µg/mL": "ug/mL",
}
"""Our code of a unit of measure: UCUM's, where they differ and the exchange converts it."""
PLAIN = str.maketrans({"µ": "u", "²": "2", "³": "3", "Ω": "Ohm", " ": "_", "{": "(", "}": ")"})


def ucum(code):
    """Return how a unit of measure of ours is told: by UCUM, else as our own in braces."""
    found = UCUM.get(code or "1", code or "1")
    if units.known(found):
        return found
    plain = found.translate(PLAIN).encode("ascii", "replace").decode()[:30]
    return "{%s}" % plain


def quantity(text, unit):
    """Return a limit as a quantity, or None where it is no decimal text."""
    text = (text or "").strip()
    return {"value": text, "unit": ucum(unit)} if units.NUMBER.fullmatch(text) else None


def parameters(contract):
    """Return the parameters to be kept, with their limits."""
    found = []
    for row in contract.get("parameters", ()):
        limits = {end: quantity(row.get(end), row.get("unit")) for end in ("low", "high")}
        found.append({"name": row["key"], "title": row["name"], "plan": row.get("plan", ""),
                      **limits})
    return [known(row) for row in found]


def operations(contract):
    """Return the steps in their order."""
    return [known({"name": row["name"], "work_centre": row.get("work_center")})
            for row in contract.get("routing", ())]


def plans(contract, codes):
    """Return which plan holds for which product.

    :param codes: ``{product id: code}``
    """
    return [known({"plan": f"{row['code']}.{row['version']}", "stage": row["stage"],
                   "product": codes.get(spec["product"])})
            for spec in contract.get("products", ()) for row in spec.get("plans", ())]


def materials(contract, codes, unit_codes, ratios):
    """Return what goes into the whole order.

    :param unit_codes: ``{name of a unit: its code}``
    :param ratios: ``{product id: how many times its bill is made}``, Decimals
    """
    return [{"product": codes[line["product"]], "quantity": {
                "value": figures.text_of(
                    Decimal(line["quantity"]) * ratios[spec["product"]]),
                "unit": unit_codes.get(line["unit"], "{%s}" % line["unit"].replace(" ", "_"))}}
            for spec in contract.get("products", ()) for line in spec["bom"]["lines"]
            if line["product"] in codes and spec["product"] in ratios]


def known(row):
    """Return a row without what is not known."""
    return {name: value for name, value in row.items() if value}


def reported(row, limits):
    """Return a parameter of a report as the order takes it, in the unit of its limits: our code.

    :param row: as a message has it: name, measured, low, high, text
    :param limits: the order's own row of that name: its ``unit`` counts; {} where there is none
    :raise units.UnitError: with ``.member``: what cannot be converted
    """
    told = [row[name] for name in ("measured", "low", "high") if name in row]
    unit = limits.get("unit", told[0]["unit"] if told else "")
    found = {"name": row["name"], "unit": unit if told else "",
             "value": row.get("text", "")}
    for name, member in (("measured", "value"), ("low", "low"), ("high", "high")):
        if name in row:
            found[member] = _in(row[name], ucum(unit), name)
    return found


def _in(told, unit, member):
    if told["unit"] == unit:
        return told["value"]
    try:
        number = units.convert(told["value"], told["unit"], unit)
    except units.UnitError as error:
        error.member = member
        raise
    text = units.rounded(number, PLACES)
    return text.rstrip("0").rstrip(".")
