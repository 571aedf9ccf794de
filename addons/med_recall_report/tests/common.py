from odoo.addons.med_recall.tests.common import RecallCase
from odoo.fields import Command


class ReportCase(RecallCase):
    """Recalls with levels and events, as the clocks read them."""

    alone = False

    @classmethod
    def levelled(cls, *codes, incident=False, **values):
        """Return an open recall of some levels."""
        record = cls.opened(**values).with_env(cls.env)
        levels = cls.env["med.recall.class"].search([("code", "in", codes)])
        record.level_ids = [Command.create({
            "jurisdiction_id": one.jurisdiction_id.id, "class_id": one.id, "incident": incident,
        }) for one in levels]
        return record

    @classmethod
    def due(cls, record, due):
        """Return when the clocks of a kind run out, each as text in UTC."""
        return [str(one.due_at) for one in record.clock_ids
                if one.due == due and one.state == "running"]

    @classmethod
    def clock_of(cls, record, due):
        return record.clock_ids.filtered(lambda one: one.due == due)

    @classmethod
    def report(cls, record, code, text="Said", **values):
        """Return a report of a kind with every item that nobody knows filled in."""
        kind = cls.env["med.recall.report.kind"].search([("code", "=", code)])
        report = cls.env["med.recall.report"].with_user(cls.rana).create({
            "recall_id": record.id, "kind_id": kind.id, **values})
        for line in report.line_ids:
            if text and not line.text:
                line.text = text
        return report

    @classmethod
    def submitted(cls, record, code, **values):
        report = cls.report(record, code, **values)
        cls.sign(report, cls.rana, "approved")
        report.submit(channel="simulated" if record.drill else "portal", reference="N-1")
        return report
