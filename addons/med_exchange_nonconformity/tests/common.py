from odoo.addons.med_exchange_goods.tests.common import GoodsExchangeCase
from odoo.addons.med_nonconformity.tests.common import NonconformityCase


class NonconformityExchangeCase(GoodsExchangeCase, NonconformityCase):
    """The system of ours, the consignee and the processor speak of nonconformities too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner in (cls.mes, cls.dealer, cls.processor):
            for way in ("in", "out"):
                cls.right(partner, "nonconformity", way)

    def told(self, *lots, product="TB-1", **changes):
        """Return a report of lots; a lot is a name or a dict of what else is said of it."""
        rows = [lot if isinstance(lot, dict) else {"lot": lot} for lot in lots]
        return {"summary": "Burr at the edge", "source": "production", **changes,
                **({"lots": [{"product": product, **row} for row in rows]} if rows else {})}
