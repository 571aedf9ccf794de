from collections import defaultdict
from decimal import Decimal

from odoo.addons.med_traceability.tests.common import TraceCase
from odoo.addons.med_traceability.tests.test_oracle import Flow
from odoo.tests import tagged

OPERATIONS, SCOPES = 48, 12


@tagged("post_install", "-at_install")
class TestScopeOracle(TraceCase):
    """Random histories, and a brute-force graph that must agree on every scope."""

    requirement = "TRC-1 TRC-4 TRC-5 CN-RC-4 C1"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.foreign_company()
        cls.transit = cls.env.ref("stock.stock_location_inter_company")
        cls.transit.active = True
        cls.raw, cls.wire, cls.kit, cls.opened, cls.waste, cls.carton = (
            cls.product(f"Scope {name}")
            for name in ("raw", "wire", "kit", "opened kit", "waste", "carton"))
        cls.chip, cls.pump = (cls.product(f"Scope {name}", "serial") for name in ("chip", "pump"))
        cls.tube, cls.glue = (cls.product(f"Scope {name}", "none") for name in ("tube", "glue"))

    def test_a_scope_is_what_trying_every_step_finds(self):
        flow = Flow(self, 19)
        flow.run(OPERATIONS)
        steps, lots = flow.oracle.steps(), sorted(flow.oracle.sums)
        Find, left_out_mattered = self.env["med.recall.find"], 0
        for number in range(SCOPES):
            roots = flow.random.sample(lots, 3)
            left_out = flow.random.sample(lots, number % 4)
            kept = {step: exact for step, exact in steps.items() if not {*step} & {*left_out}}
            named = [root for root in roots if root not in left_out]
            expected, parties, _suppliers = flow.oracle.trace(named, True, kept)
            query = [{"lot_ids": roots}, *(
                [{"lot_ids": left_out, "exclude": True}] if left_out else [])]
            found = Find._found(query, self.company)
            self.assertEqual({lot: how.exact for lot, how in found.lots.items()}, expected, query)
            self.assertEqual(self._sums(found), parties, query)
            self.assertEqual(set(Find._touched(query, self.company, lots)), set(expected), query)
            self.assertEqual(found.digest, Find._found(query, self.company).digest)
            whole, *_parties = flow.oracle.trace(roots, True, steps)
            left_out_mattered += len(whole) > len(expected)
        self.assertTrue(left_out_mattered)

    def _sums(self, found):
        sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for one in found.parties:
            row = sums[one.partner, one.lot or ("pool", one.product)]
            row[0] += Decimal(str(one.shipped))
            row[1] += Decimal(str(one.returned))
        return dict(sums)
