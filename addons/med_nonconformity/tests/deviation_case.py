from datetime import timedelta

from odoo import fields
from odoo.addons.med_inspection.tests.common import InspectCase
from odoo.fields import Command


class DeviationCase(InspectCase):
    """Deviations of stents, and people who write and approve them."""

    alone = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.ines, "authored")
        cls.lots = cls.lots_of(cls.stent, "D-1", "D-2", "D-3")

    @classmethod
    def written(cls, kind="planned", **more):
        """Return the values of a deviation of stents that lacks nothing."""
        values = {
            "kind": kind, "grade": "minor", "requirement": "WI-7, 4.2", "legal_ok": True,
            "description": "Packed in the old carton", "justification": "The new one is late",
            "risk": "None: same material", "company_id": cls.company.id,
            "product_ids": [Command.set(cls.stent.ids)]}
        now = fields.Datetime.now()
        if kind == "planned":
            values |= {"date_from": now, "date_to": now + timedelta(days=10)}
        if kind == "unplanned":
            values |= {"cause": "Late delivery", "correction": "Old cartons taken"}
        else:
            values |= {"quantity": 10, "uom_id": cls.stent.uom_id.id}
        if kind != "planned":
            values["lot_ids"] = [Command.set(cls.lots[:2].ids)]
        return values | more

    @classmethod
    def deviation(cls, kind="planned", user=None, **more):
        """Return a draft."""
        return cls.env["med.deviation"].with_user(user or cls.ines).create(
            cls.written(kind, **more)).with_env(cls.env)

    @classmethod
    def submitted(cls, kind="planned", **more):
        deviation = cls.deviation(kind, **more)
        cls.sign(deviation, cls.ines, "authored")
        return deviation

    @classmethod
    def approved(cls, kind="planned", **more):
        deviation = cls.submitted(kind, **more)
        cls.sign(deviation, cls.anna, "approved")
        return deviation

    @classmethod
    def use(cls, deviation, *rows, document=None, at=None):
        """Book (product, lot or None, quantity) rows for a document."""
        deviation._med_consume(document or cls.supplier, [
            (product, lot or cls.env["stock.lot"], quantity) for product, lot, quantity in rows],
            at)
