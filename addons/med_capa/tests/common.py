from datetime import timedelta

from odoo import fields
from odoo.addons.med_nonconformity.tests.common import NonconformityCase
from odoo.fields import Command


class CapaCase(NonconformityCase):
    """Cases of an inspector, with actions of an operator, judged by another of quality."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beginning = fields.Datetime.now()

    def setUp(self):
        super().setUp()
        self.clock.move_to(self.beginning)

    @classmethod
    def case(cls, **values):
        """Return an open case that lacks nothing for its analysis."""
        told = cls.env["med.capa"].with_user(cls.anna).open_case(
            summary="Seals open", products=cls.stent.ids)
        record = cls.env["med.capa"].browse(told["capa"])
        record.with_user(cls.anna).write({
            "owner_id": cls.ines.id, "problem": "Open seals on lots of May", "scope": "Line 2",
            "severity": "3", "occurrence": "3", "detection": "3", "correction": "Lots scrapped",
            "cause_tool": "why", "cause": "Worn jaw", **values})
        return record

    @classmethod
    def analysed(cls, **values):
        record = cls.case(**values)
        cls.sign(record, cls.anna, "reviewed", transition="analyse")
        return record

    @classmethod
    def draft_plan(cls, record, **values):
        today = fields.Date.today()
        record.with_user(cls.ines).write({
            "criterion": "No open seal in 3 lots", "measure": "Final inspection",
            "effect_date": today + timedelta(days=60), "effect_user_id": cls.bert.id,
            "action_ids": [Command.create({"what": "Change the jaw", "owner_id": cls.olga.id,
                                           "date_due": today + timedelta(days=10)})], **values})
        return record

    @classmethod
    def planned(cls, **values):
        record = cls.draft_plan(cls.analysed(**values))
        cls.sign(record, cls.anna, "approved")
        return record

    @classmethod
    def implemented(cls, **values):
        record = cls.planned(**values)
        record.action_ids.with_user(cls.olga).finish(evidence="Work order 7")
        record.with_user(cls.anna).no_harm = "Seal strength tested again"
        cls.sign(record, cls.anna, "verified")
        return record

    @classmethod
    def judge(cls, record, result="effective", user=None):
        """Move to the day fixed, and judge."""
        cls.clock.move_to(f"{record.effect_date} 08:00:00")
        record.with_user(user or cls.bert).write({"result": result, "finding": "3 lots looked at"})
        cls.sign(record, user or cls.bert, "verified")
        return record
