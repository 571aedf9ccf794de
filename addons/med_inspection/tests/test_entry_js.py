import json
import random
from decimal import Decimal

from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.tests.common import tagged

from ..tools.reading import Characteristic, Reading, judge_reading

VALUES = ("", " ", "10", "10.0", "+10.05", "-3", ".5", "5.", "1e1", "1E-3", "1e400", "NaN", "inf",
          "1_0", "1,5", "0x1", "10.1", "10.10000000000000000000000000000000001", "9.9", "9.95",
          "10.05", "10.15", "10.25", "0", "00010", "3", "3.0", "3.5", "9" * 41, "1e41", "1e-41",
          "2.5", "3.5", "-2.5", "abc")
KEPT = ("key", "kind", "defect_class", "scope", "required", "readings", "lower_inclusive",
        "upper_inclusive", "rounding", "uom", "record_only")


@tagged("post_install", "-at_install")
class TestEntryJs(MedRpcCase):
    """The parts of the entry page that need no page, in a real browser."""

    requirement = "ISO-8.2.6 SMP-12"

    def run_check(self, name, argument=None):
        self.user("inspector", login="med_entry_js")
        self.browser_js("/odoo/med-results", """
            (async () => {
                const { registry } = odoo.loader.modules.get("@web/core/registry");
                const check = registry.category("med_inspection_checks").get(%s);
                const problems = await check(%s);
                if (problems.length) {
                    console.error(problems.slice(0, 20).join("\\n"));
                } else {
                    console.log("test successful");
                }
            })()""" % (json.dumps(name), json.dumps(argument)),
            "odoo.loader.modules.has('@med_inspection/../tests/tours/entry_checks')"
            " && Boolean(document.querySelector('.o_med_entry .o_med_blank'))",
            login="med_entry_js")

    def test_the_page_judges_a_value_as_the_server_does(self):
        cases = [self.case(*pair) for pair in self.readings()]
        self.assertGreater(len(cases), 1000)
        self.assertGreater(len({case["reason"] for case in cases}), 12)
        self.run_check("judge", cases)

    def test_values_are_read_placed_and_brought_to_the_server_without_loss(self):
        """Numbers as people write them, blocks, scanners, the sheet, and the queue of values."""
        self.run_check("all")

    def readings(self):
        rest = random.Random(2859)
        for kind in ("measured", "counted", "certificate"):
            for lower, upper in (("9.9", "10.1"), (None, "3"), ("2.5", None), (None, None),
                                 ("10", "10")):
                for decimals in (None, 0, 1, 2):
                    one = Characteristic(
                        "k", kind, lower=lower and Decimal(lower), upper=upper and Decimal(upper),
                        decimals=decimals, rounding=rest.choice(("half_up", "half_even")),
                        lower_inclusive=lower == upper or rest.random() < .7,
                        upper_inclusive=lower == upper or rest.random() < .7,
                        record_only=kind != "certificate" and not (lower or upper))
                    yield from ((one, Reading("r", "k", value, document="d")) for value in (
                        *VALUES, *(f"{rest.uniform(9.8, 10.2):.{rest.randint(0, 6)}f}"
                                   for _draw in range(8))))
        check = Characteristic("k", "check", defects=("CRK", "SCR"))
        for value in ("", "pass", "fail", "perhaps"):
            for defects in ((), ("CRK",), ("CRK", "SCR"), ("XXX",)):
                yield check, Reading("r", "k", value, defects=defects)
        for expected in ((), ("AB", "CD")):
            for value in ("", "AB", " AB ", "ab"):
                yield Characteristic("k", "text", expected=expected), Reading("r", "k", value)
        for kind in ("picture", "certificate"):
            for document in ("", "d"):
                yield Characteristic("k", kind), Reading("r", "k", "x", document=document)

    def case(self, one, reading):
        told = judge_reading(one, reading, {"CRK": "critical", "SCR": "minor"})
        return {
            "characteristic": {
                **{name: getattr(one, name) for name in KEPT}, "decimals": one.decimals,
                "lower": "" if one.lower is None else str(one.lower),
                "upper": "" if one.upper is None else str(one.upper),
                "expected": list(one.expected),
                "defects": [{"code": code, "name": code, "class": "major"}
                            for code in one.defects]},
            "reading": {"value": reading.value, "defects": list(reading.defects),
                        "document": reading.document},
            "outcome": told.outcome, "reason": told.reason}
