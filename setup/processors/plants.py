"""What the three plants do with an order: what they report of it, and in which sequence."""

from decimal import ROUND_DOWN, Decimal

from .connection import now

PIECE = "1"


def amount(value, unit=PIECE):
    """Return a quantity as messages tell it."""
    text = format(Decimal(value), "f")
    return {"value": text.rstrip("0").rstrip(".") if "." in text else text, "unit": unit}


def measured(limits):
    """Return a parameter as measured, in the middle of its limits."""
    row = {name: limits[name] for name in ("name", "low", "high") if name in limits}
    ends = [limits[name] for name in ("low", "high") if name in limits]
    if not ends:
        return {**row, "text": "as set"}
    middle = sum(Decimal(one["value"]) for one in ends) / len(ends)
    return {**row, "measured": amount(middle, ends[0]["unit"])}


class Plant:
    """One processor: pulls its orders, carries out what it can, reports each step.

    It decides by what the order says now, so it may be stopped and started at any time.

    :param say: takes a line of text
    """

    person, equipment = "Li", "Line 1"

    def __init__(self, connection, say=print):
        self.connection, self.say = connection, say
        self.done = {}  # {order: kinds reported in this run}
        self.answers = []

    def round(self):
        """Pull the orders and report what is due of each; return how many messages were sent."""
        before = len(self.answers)
        for number, order in sorted(self.connection.latest("outsourcing_order").items()):
            if messages := list(self.messages(number, order)):
                self.send(number, messages)
        return len(self.answers) - before

    def messages(self, number, order):
        """Yield ``(schema, code, payload)`` of what is due of an order."""
        done, state = self.done.setdefault(number, set()), order["state"]
        if state == "released" and "acknowledged" not in done:
            yield self.report(order, "acknowledged")
        if state in ("released", "acknowledged") and self.has_material(order) and (
                "finished" not in done):
            yield from self.work(order)

    def has_material(self, order):
        """Return whether what the order needs was sent, and nothing of it is held."""
        return bool(order.get("sent")) and not order.get("holds")

    def work(self, order):
        """Yield the reports from receipt to shipment."""
        yield self.report(order, "received", lots=self.rows(order["sent"], "good"))
        yield self.report(order, "started", equipment=self.equipment)
        yield from self.steps(order)
        lots, used = self.outcome(order)
        yield self.report(order, "finished", lots=lots, used=used, equipment=self.equipment)
        yield from self.after(order, lots)
        yield self.report(order, "shipped", lots=[
            one for one in lots if one["outcome"] in ("good", "reject", "left")])

    def steps(self, order):
        """Yield a report a step, with its parameters."""
        names = [one["name"] for one in order.get("operations", ())] or [""]
        parameters = [measured(one) for one in order.get("parameters", ())]
        for number, name in enumerate(names):
            yield self.report(order, "step", number=number, operation=name,
                              equipment=self.equipment, parameters=parameters)
            parameters = None  # told once, with the first step

    def outcome(self, order):
        """Return ``(lots, used)``: what came of it, and what material went in."""
        return self.rows(order["sent"], "good"), None

    def after(self, order, lots):
        """Yield what else is told between finish and shipment."""
        return ()

    def report(self, order, kind, number=None, **more):
        """Return a report of an order as ``(schema, code, payload)``; empty parts are left out."""
        reference = f"{order['number']}-{kind}" + (f"-{number}" if number is not None else "")
        return "outsourcing_report", reference[:128], {
            "order": order["number"], "kind": kind, "reference": reference[:128],
            "revision": order["revision"], "time": now(), "person": self.person,
            **{name: value for name, value in more.items() if value}}

    def rows(self, lots, outcome):
        """Return the lots of an order as rows of a report."""
        return [{"product": one["product"], "lot": one["lot"], "quantity": one["quantity"],
                 "outcome": outcome} for one in lots]

    def send(self, number, messages):
        """Send messages, and remember what was taken."""
        answers = self.connection.submit([
            self.connection.envelope(schema, code, payload)
            for schema, code, payload in messages])
        for (schema, _code, payload), answer in zip(messages, answers, strict=True):
            if schema == "outsourcing_report":
                self.done[number].add(payload["kind"])
            what = payload.get("kind", schema)
            told = "; ".join(f"{one['pointer']} {one['message']}" for one in answer["errors"])
            self.say(f"{self.connection.code}: {number} {what}: {answer['outcome']}"
                     + (f" ({told})" if told else ""))
        self.answers += answers


class Steriliser(Plant):
    """Sterilises our lots in a load. In the first load of a run a part of a lot fails."""

    person, equipment, share = "Chen", "EO-2", Decimal("0.04")
    fails = True

    def outcome(self, order):
        """Return good rows, and a rejected part of the first lot that has more than one unit."""
        lots, failed = [], not self.fails
        for one in order["sent"]:
            there, unit = Decimal(one["quantity"]["value"]), one["quantity"]["unit"]
            bad = Decimal(0)
            if not failed and there > 1:
                bad = max(Decimal(1), (there * self.share).quantize(Decimal(1), ROUND_DOWN))
                failed = True
            row = {"product": one["product"], "lot": one["lot"]}
            lots.append({**row, "quantity": amount(there - bad, unit), "outcome": "good"})
            if bad:
                lots.append({**row, "quantity": amount(bad, unit), "outcome": "reject"})
        self.fails = False
        return lots, None

    def after(self, order, lots):
        """Tell the nonconformity of what failed, or have the lot held: as the rights go."""
        bad = [one for one in lots if one["outcome"] == "reject"]
        if not bad:
            return
        reason = f"Indicator grew in a part of the load of {order['number']}"
        if "nonconformity" in self.connection.sends:
            yield "nonconformity", f"NC-{order['number']}", {
                "summary": reason, "source": "production", "seen": now(), "lots": [
                    {name: one[name] for name in ("product", "lot", "quantity")} for one in bad]}
        elif "hold" in self.connection.sends:
            yield "hold", f"HOLD-{order['number']}", {"reason": reason, "lots": [
                {name: one[name] for name in ("product", "lot")} for one in bad]}


class Coater(Plant):
    """Coats our lots; one unit of each load is cut open to measure the layer.

    It first acknowledges by an old drawing, and is told so.
    """

    person, equipment = "Sun", "Coater 3"
    slips = True

    def messages(self, number, order):
        if self.slips and order["state"] == "released" and (
                "acknowledged" not in self.done.setdefault(number, set())):
            self.slips = False
            schema, code, payload = self.report({**order, "revision": "OLD"}, "acknowledged")
            code = f"{code}-old"
            yield schema, code, {**payload, "reference": code}
        yield from super().messages(number, order)

    def outcome(self, order):
        lots = []
        for place, one in enumerate(order["sent"]):
            there, unit = Decimal(one["quantity"]["value"]), one["quantity"]["unit"]
            cut = Decimal(1) if not place and there > 1 else Decimal(0)
            row = {"product": one["product"], "lot": one["lot"]}
            lots.append({**row, "quantity": amount(there - cut, unit), "outcome": "good"})
            if cut:
                lots.append({**row, "quantity": amount(cut, unit), "outcome": "scrap"})
        return lots, None


class Assembler(Plant):
    """Makes new lots or serial numbers from our material, and sends back what is left."""

    person, equipment = "Guo", "Bench 4"

    def outcome(self, order):
        made, unit = Decimal(order["quantity"]["value"]), order["quantity"]["unit"]
        name = order["number"].replace("/", "-")
        row = {"product": order["product"], "outcome": "good"}
        if order.get("tracking") == "serial":
            lots = [{**row, "lot": f"{name}-{number:04}", "quantity": amount(1, unit)}
                    for number in range(1, int(made) + 1)]
        else:
            lots = [{**row, "lot": f"{name}-A", "quantity": amount(made, unit)}]
        used = []
        for part in order.get("bom", ()):
            needed = Decimal(part["quantity"]["value"])
            for one in order["sent"]:
                if one["product"] != part["product"] or needed <= 0:
                    continue
                taken = min(needed, Decimal(one["quantity"]["value"]))
                needed -= taken
                used.append({"product": one["product"], "lot": one["lot"],
                             "quantity": amount(taken, one["quantity"]["unit"])})
        return lots, used


PLANTS = {"steriliser": Steriliser, "coater": Coater, "assembler": Assembler}
