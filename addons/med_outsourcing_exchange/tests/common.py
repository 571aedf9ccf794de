from odoo import fields
from odoo.addons.med_exchange_goods.tests.common import EVERY, GoodsExchangeCase
from odoo.addons.med_outsourcing.tests.common import both_sides
from odoo.fields import Command

OURS = [("outsourcing_order", "out"), ("outsourcing_report", "in")]


class OutsourcingExchangeCase(GoodsExchangeCase):
    """An approved processor that sterilises and assembles, its program, and orders to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner in (cls.processor, cls.mes):
            for schema, way in OURS:
                cls.right(partner, schema, way)
        cls.other_processor = cls.partner_of(
            "COATER", [*EVERY, *OURS], partner_id=cls.other_supplier.id)
        cls.file = cls.approved(cls.supplier)
        cls.other_file = cls.approved(cls.other_supplier)

    @classmethod
    def approved(cls, contact, processes=("sterilisation_eo", "assembly"), **values):
        """Return the approved file of a processor with an agreement in force."""
        file = cls.env["med.processor"].create({
            "partner_id": contact.id, "connection": "api", "risk_class": "low",
            "date_review": "2030-01-01",
            "scope_ids": [Command.create({"process": process}) for process in processes],
            **values})
        cls.agreement = cls.env["med.quality.agreement"].create({
            "name": f"QAG-{contact.id}", "processor_id": file.id, "date_from": "2026-01-01",
            "date_to": "2026-12-31", **both_sides()})
        for record in (cls.agreement, file):
            cls.sign(record, cls.anna, "approved")
        return file

    @classmethod
    def processing(cls, *lots, quantity=10, file=None, **values):
        """Return a released order to sterilise lots."""
        order = cls.env["med.outsourcing.order"].create({
            "processor_id": (file or cls.file).id, "kind": "process",
            "process": "sterilisation_eo",
            "line_ids": [Command.create({"lot_id": lot.id, "quantity": quantity})
                         for lot in lots], **values})
        order.action_release()
        return order

    @classmethod
    def send(cls, order):
        """Post the transfer to the processor."""
        cls.tick()
        pickings = order.send_picking_ids
        pickings.move_ids.picked = True
        pickings._action_done()
        order.invalidate_recordset()
        return pickings

    def said(self, order, kind, *lots, reference=None, tick=True, **more):
        """Return the payload of a report; lots are ``(name, quantity, outcome)``."""
        if tick:
            self.tick()
        rows = [{"product": "ST-1", "lot": name, "outcome": outcome,
                 "quantity": {"value": str(quantity), "unit": "1"}}
                for name, quantity, outcome in lots]
        return {"order": order.name, "kind": kind, "reference": reference or f"{kind}-1",
                "revision": order.revision, "person": "Li",
                "time": fields.Datetime.now().isoformat() + "Z",
                **({"lots": rows} if rows else {}), **more}

    def answer(self, payload, partner=None, schema="outsourcing_report", thing=None, **changes):
        """Submit a payload as the processor's program does; return the answer."""
        return self.telling(
            partner or self.processor, schema, payload, thing or f"T-{next(self.numbers)}",
            **{"time": fields.Datetime.now().isoformat() + "Z", **changes})

    def take(self, payload, **kw):
        """Submit what must be taken; return the event."""
        answer = self.answer(payload, **kw)
        self.env.invalidate_all()
        self.assertEqual(answer["outcome"], "accepted", answer)
        return self.env["med.outsourcing.event"].search(
            [("kind", "!=", "note")], limit=1, order="id desc")  # what follows of it may be noted

    def refuse(self, pointer, text, payload, **kw):
        """Submit what must be refused and change nothing."""
        before = self.state()
        answer = self.answer(payload, **kw)
        self.assertEqual(answer["outcome"], "rejected", answer)
        self.assertEqual([one["pointer"] for one in answer["errors"]], [pointer], answer)
        self.assertRegex(answer["errors"][0]["message"], text)
        self.assertEqual(self.state(), before)

    def state(self):
        """Return what a report may change."""
        self.env.flush_all()
        found = []
        for table, columns in (
                ("med_outsourcing_order", "id, state, date_released"),
                ("med_outsourcing_event", "id, superseded"),
                ("med_outsourcing_event_lot", "id, quantity"), ("stock_lot", "id, med_status"),
                ("stock_move", "id, state, product_qty"),
                ("stock_move_line", "id, quantity, lot_id, state"),
                ("stock_quant", "id, quantity, reserved_quantity, lot_id")):
            self.env.cr.execute(f"SELECT {columns} FROM {table} ORDER BY id")
            found.append(self.env.cr.fetchall())
        return found
