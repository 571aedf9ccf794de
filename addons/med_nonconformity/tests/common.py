from odoo.addons.med_inspection.tests.common import InspectCase


class NonconformityCase(InspectCase):
    """Nonconformities of received lots, and people who decide about them."""

    alone = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.anna, "reviewed")
        cls.walter = cls.person("warehouse", "walter")

    @classmethod
    def reported(cls, lots=(), user=None, **kw):
        """Return what somebody reported; of a minor defect unless told otherwise."""
        told = cls.env["med.nonconformity"].with_user(user or cls.walter).report(
            **{"summary": "Scratched", "defect": "T-SCR", "lots": [lot.id for lot in lots], **kw})
        return cls.env["med.nonconformity"].browse(told["nonconformity"])

    @classmethod
    def evaluated(cls, lots=(), **kw):
        record = cls.reported(lots, **kw)
        record.with_user(cls.anna).write({
            "evaluation": "Looks only", "investigation": "not_needed",
            "investigation_reason": "Seen before"})
        cls.sign(record, cls.anna, "reviewed", transition="evaluate")
        return record

    @classmethod
    def line(cls, record, lot, **values):
        line = record.line_ids.filtered(lambda one: one.lot_id == lot)
        if values:
            line.with_user(cls.anna).write(values)
        return line

    @classmethod
    def decide_all(cls, record, user=None):
        cls.sign(record, user or cls.anna, "approved")
        return record

    @classmethod
    def decided(cls, lots, decision="scrap", **values):
        record = cls.evaluated(lots)
        record.line_ids.with_user(cls.anna).write({"decision": decision, **values})
        return cls.decide_all(record)

    @classmethod
    def close_it(cls, record):
        record.with_user(cls.anna).conclusion = "All done"
        cls.sign(record, cls.anna, "verified")
        return record
