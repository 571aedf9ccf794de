from odoo.addons.med_risk.tests.common import RiskCase
from odoo.fields import Command


class ComplianceCase(RiskCase):
    """An audit of a process of Ines by Ivan, and people who answer its findings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.env["med.quality.process"].create({
            "code": "T-1", "name": "Sealing", "owner_id": cls.ines.id})
        cls.clause = cls.env.ref("med_compliance.med_external_clause_iso_13485_7_5_1")
        cls.checklist = cls.env["med.quality.checklist"].create({
            "name": "Sealing", "question_ids": [
                Command.create({"name": "Is the jaw checked?", "clause_id": cls.clause.id}),
                Command.create({"name": "Is the log complete?"})]})

    @classmethod
    def planned_audit(cls, **values):
        return cls.env["med.quality.audit"].with_user(cls.anna).create({
            "scope": "Sealing", "auditor_id": cls.ivan.id, "date_from": "2026-03-02",
            "process_ids": [Command.set(cls.process.ids)],
            "checklist_ids": [Command.set(cls.checklist.ids)], **values})

    @classmethod
    def audit(cls, **values):
        """Return an audit under way, its second question not conform."""
        record = cls.planned_audit(**values)
        record.with_user(cls.ivan).med_transition("start")
        first, second = record.with_user(cls.ivan).answer_ids
        first.write({"answer": "conform", "evidence": "Log of May"})
        second.write({"answer": "nonconform", "evidence": "Page 3 is empty"})
        record.with_user(cls.ivan).conclusion = "Works but for the log"
        return record

    @classmethod
    def found(cls, record, user=None, **values):
        """Return a finding of an audit about its second question."""
        return cls.env["med.quality.finding"].with_user(user or cls.ivan).create({
            "audit_id": record.id, "answer_id": record.answer_ids[1].id, "what": "Log is empty",
            "evidence": "Page 3", "process_id": cls.process.id, **values})

    @classmethod
    def reported_audit(cls):
        record = cls.audit()
        cls.found(record)
        cls.sign(record, cls.ivan, "performed")
        return record
