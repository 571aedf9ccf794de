from odoo.addons.med_exchange_goods.tests.common import GoodsExchangeCase
from odoo.addons.med_recall_notice.tests.test_notice import NoticeCase


class RecallExchangeCase(GoodsExchangeCase, NoticeCase):
    """A recall whose first hospital has a program, and a second one that must hear nothing of it.

    Hospital One is the dealer here: it sells on as well.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two = cls.notices
        rights = [(schema, way) for schema in ("recall_notice", "sale_on") for way in ("in", "out")]
        cls.his = cls.partner_of("HOSP-1", rights, partner_id=cls.one.partner_id.id)
        cls.hers = cls.partner_of("HOSP-2", rights, partner_id=cls.two.partner_id.id)
        for schema, way in rights:
            cls.right(cls.mes, schema, way)

    def code(self, notice):
        return f"{notice.recall_id.name}/{notice.id}"

    def told(self, notice=None, lots=None, **changes):
        """Return what a consignee's program sends as an answer."""
        notice = notice or self.one
        answer = {"received": True, "person": "Dr. Li", **changes}
        if lots is None:
            lots = [{"lot": "L-1", "still_here": 3, "used": 1}]
        if lots:
            answer["lots"] = [{"product": "ST-1", **{
                name: {"value": str(value), "unit": "1"} if type(value) is int else value
                for name, value in row.items()}} for row in lots]
        return {"number": self.code(notice), "recall": notice.recall_id.name, "title": "?",
                "instruction": "?", "answer": answer}

    def sale(self, lot="L-1", quantity="2", **changes):
        """Return what a dealer's program sends of an onward sale."""
        return {"number": "INV-77", "time": "2026-03-02T07:00:00Z", "buyer": {
            "code": "B-9", "name": "Clinic Nine", "country": "CN", "phone": "+86 510",
            "email": "nine@example.com"}, "lines": [
            {"product": "ST-1", "lot": lot, "quantity": {"value": quantity, "unit": "1"}}],
            **changes}
