import base64

from odoo import fields
from odoo.addons.med_capa.tests.common import CapaCase
from odoo.addons.med_exchange_nonconformity.tests.common import NonconformityExchangeCase
from odoo.fields import Command

PDF = b"%PDF-1.7 stamped"
TOLD = {"containment": "Line 2 is stopped", "cause": "Worn jaw", "actions": [
    {"kind": "corrective", "what": "Change the jaw", "who": "Qian", "due": "2026-12-10"}]}


class CapaExchangeCase(NonconformityExchangeCase, CapaCase):
    """The supplier of the tube, whose goods do not conform, is asked under a CAPA."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner in (cls.mes, cls.dealer, cls.processor):
            for way in ("in", "out"):
                cls.right(partner, "corrective_action", way)
        cls.processor.responsible_id = cls.anna
        cls.lot = cls.in_stock(cls.tube, "T-1")

    @classmethod
    def request(cls, capa=None, user=None, **values):
        """Return a draft to the supplier of the tube."""
        return cls.env["med.capa.request"].with_user(user or cls.anna).create({
            "capa_id": (capa or cls.case()).id, "partner_id": cls.supplier.id,
            "title": "Open seals", "problem": "3 of 20 were open",
            "lot_ids": [Command.set(cls.lot.ids)], "product_ids": [Command.set(cls.tube.ids)],
            "date_due": fields.Date.add(fields.Date.today(), days=30),
            **values}).with_env(cls.env)

    @classmethod
    def sent(cls, capa=None, **values):
        """Return a request that is sent."""
        request = cls.request(capa, **values)
        request.with_user(cls.anna).med_transition("send")
        return request

    @classmethod
    def answered(cls, capa=None, told=None, **values):
        """Return a request that its partner has answered."""
        request = cls.sent(capa, **values)
        request._med_answer(cls.supplier, told or TOLD, "message")
        return request

    @classmethod
    def send_back(cls, request, why="The cause is a guess"):
        request.with_user(cls.anna).review = why
        cls.sign(request, cls.anna, "reviewed", transition="return")

    @classmethod
    def accept(cls, request):
        cls.sign(request, cls.anna, "reviewed", transition="accept")

    @classmethod
    def noted(cls, request, user=None, **values):
        """Enter a stamped paper; return its answer."""
        cls.env["med.capa.request.note"].with_user(user or cls.anna).create({
            "request_id": request.id, "person": "Zhao", "signed_on": fields.Date.today(),
            "containment": "Line 2 is stopped", "cause": "Worn jaw",
            "file": base64.b64encode(PDF), "filename": "paper.pdf",
            "line_ids": [Command.create({"what": "Change the jaw"})], **values}).action_enter()
        return request.answer_ids.sorted("id")[-1:]

    def answer_of(self, request, **changes):
        """Return what a partner's program sends as an answer."""
        return {"kind": "request", "number": request.name, "state": "answered",
                "containment": "Line 2 is stopped", "cause": "Worn jaw",
                "actions": [{"kind": "corrective", "what": "Change the jaw", "who": "Qian",
                             "due": "2026-12-10"}], **changes}

    def own(self, **changes):
        """Return a CAPA of its own that a supplier tells of."""
        return {"kind": "own", "number": "S-CAPA-3", "state": "open", "title": "Worn jaws",
                "problem": "Seals open on two lots", "cause": "No change interval",
                "lots": [{"product": "TB-1", "lot": "T-1"}],
                "actions": [{"kind": "corrective", "what": "Interval of 3 months"}], **changes}
