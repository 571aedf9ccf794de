from odoo.addons.med_change.tests.common import ChangeCase
from odoo.addons.med_exchange_goods.tests.common import GoodsExchangeCase
from odoo.fields import Command


class ChangeExchangeCase(GoodsExchangeCase, ChangeCase):
    """The supplier of the tube and the hospital that gets the pump hear of changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump.default_code, cls.case_part.default_code = "PU-1", "CA-1"
        for partner in (cls.mes, cls.dealer, cls.processor):
            for way in ("in", "out"):
                cls.right(partner, "change_notice", way)
        cls.processor.responsible_id = cls.anna

    @classmethod
    def notice(cls, change, partner=None, needed=True, user=None, **values):
        """Return a planned notice of a change to the supplier."""
        return cls.env["med.change.notice"].with_user(user or cls.anna).create({
            "change_id": change.id, "partner_id": (partner or cls.supplier).id,
            "product_ids": [Command.set(change._med_told_products().ids)],
            "description": "Tube B for tube A", "agreement_needed": needed,
            **values}).with_env(cls.env)

    @classmethod
    def told_of(cls, change, partner=None, **values):
        """Return a notice that its partner was told of."""
        notice = cls.notice(change, partner, **values)
        notice.with_user(cls.anna).announce()
        return notice

    def answered_with(self, notice, agreement="agreed", **changes):
        """Return what a partner's program sends as an answer."""
        return {"number": notice.change_id.name, "title": notice.change_id.title,
                "state": "announced", "agreement": agreement, **changes}

    @staticmethod
    def theirs(**changes):
        """Return a change that a supplier announces."""
        return {"number": "S-CH-4", "title": "Other alloy", "state": "announced",
                "description": "L605 from another mill", "reason": "Supply", "class": "major",
                "products": [{"product": "TB-1", "revision_from": "4", "revision_to": "5"}],
                "effective_kind": "date", "effective_date": "2026-06-01",
                "agreement_needed": True, "answer_by": "2026-04-15", **changes}
