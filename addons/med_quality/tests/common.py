from odoo.addons.med_signature.tests.common import SignCase
from odoo.addons.med_traceability.tests.common import TraceCase
from odoo.fields import Command


class QualityCase(TraceCase, SignCase):
    """Controlled lots behind closed gates, and people who may decide about them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.med_gate_mode = "enforce"
        cls.release = cls.person("qa_release", "rita")
        cls.grant(cls.release, "released", "rejected")
        cls.grant(cls.anna, "approved", "rejected")
        cls.stent = cls.product("Stent", med_controlled=True)
        cls.tube = cls.product("Tube", med_controlled=True)

    @classmethod
    def decide(cls, lots, status, note="Inspection 1 passed"):
        """Set the status of lots as people do, by a signed decision."""
        disposition = cls.env["med.disposition"].with_user(cls.release).create({
            "note": note,
            "line_ids": [Command.create({"lot_id": lot.id, "status": status}) for lot in lots]})
        cls.sign(disposition, cls.release,
                 "released" if status in ("released", "conditional") else "rejected")
        return disposition

    @classmethod
    def in_stock(cls, product, *names, status="released", quantity=10):
        """Return received lots of a status, or held or expired ones."""
        lots = cls.receive(product, dict.fromkeys(names, quantity))
        if status in ("released", "conditional", "rejected"):
            cls.decide(lots, status)
        elif status == "held":
            cls.decide(lots, "released")
            cls.hold(lots)
        elif status == "expired":
            cls.decide(lots, "released")
            lots.expiration_date = "2026-01-01 00:00:00"
        return lots

    @classmethod
    def hold(cls, lots, user=None, **kw):
        """Return a hold of lots, placed by QA."""
        told = cls.env["med.hold"].with_user(user or cls.anna).place(
            lots=lots.ids, reason="Looks wrong", **kw)
        return cls.env["med.hold"].browse(told["hold"]), told
