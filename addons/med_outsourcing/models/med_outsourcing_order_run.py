from odoo import fields, models
from odoo.addons.med_inspection.models.med_process_batch import PROCESSES
from odoo.addons.med_signature.models.med_signable_step import leave

RUNS = tuple(code for code, _label in PROCESSES)
"""Processes of which a run is recorded and accepted here, by lot and quantity."""


class MedOutsourcingOrder(models.Model):
    """A run that a processor reports is a process batch here, which frees its own quantities alone.

    Our people record and accept it by signature, as any other; the report fills it in.
    """

    _inherit = "med.outsourcing.order"

    batch_ids = fields.One2many(
        "med.process.batch", "med_outsourcing_order_id", "Runs", readonly=True)

    def _med_after_report(self, event):
        super()._med_after_report(event)
        if event.kind == "finished" and self.kind == "process" and self.process in RUNS:
            self._med_take_back_run(event.supersedes_id)
            self._med_bring_run(event)

    def _med_take_back_run(self, before):
        """Cancel the run that a corrected report brought; ask about one that is signed."""
        for batch in self.batch_ids.filtered(
                lambda one: one.med_outsourcing_event_id == before and one.state != "cancelled"):
            if batch.state == "open":
                leave(batch, "cancel", self.env._("Corrected by the processor"))
            else:
                self._med_ask_quality(self.env._(
                    "%(run)s is signed, and the processor has corrected its report: look again.",
                    run=batch.name))

    def _med_bring_run(self, event):
        """Make the process batch of what went through well, by a report."""
        rows = event.lot_ids.filtered(
            lambda row: row.outcome == "good" and row.product_id.med_controlled)
        if not rows or self._med_run_told(rows.lot_id):
            return
        counted = self.event_ids.filtered(
            lambda one: not one.superseded and one.event_time <= event.event_time)
        began = counted.filtered(lambda one: one.kind == "started").mapped("event_time")
        steps = counted.filtered(lambda one: one.kind in ("step", "finished"))
        batch = self.env["med.process.batch"].create({
            "company_id": self.company_id.id, "process": self.process,
            "partner_id": self.partner_id.id, "med_outsourcing_order_id": self.id,
            "med_outsourcing_event_id": event.id, "number": self._med_run_number(event),
            "equipment": (event.equipment or steps.filtered("equipment")[:1].equipment) or False,
            "cycle": steps.filtered("operation")[:1].operation or False,
            "started_at": max(began, default=event.event_time), "ended_at": event.event_time,
            "line_ids": [fields.Command.create({"lot_id": lot.id, "quantity": sum(
                several.mapped("quantity"))}) for lot, several in rows.grouped("lot_id").items()]})
        batch._message_log(body=self.env._(
            "Reported by %(processor)s for %(order)s: %(parameters)s",
            processor=self.partner_id.display_name, order=self.name,
            parameters="; ".join(filter(None, steps.mapped("parameters_text"))) or "–"))

    def _med_run_number(self, event):
        """Return the processor's number of the run; a page gives reports numbers of its own."""
        if event.origin not in ("api", "file") or self.env["med.process.batch"].search_count([
                ("company_id", "=", self.company_id.id), ("process", "=", self.process),
                ("partner_id", "=", self.partner_id.id), ("number", "=", event.reference),
                ("state", "!=", "cancelled")], limit=1):
            return False
        return event.reference

    def _med_run_told(self, lots):
        """Return whether the processor reports these lots' runs by records of their own."""
        return bool(self.env["med.process.batch"].search_count([
            ("process", "=", self.process), ("line_ids.lot_id", "in", lots.ids),
            ("partner_id", "child_of", self.partner_id.commercial_partner_id.id),
            ("med_outsourcing_order_id", "=", False), ("state", "!=", "cancelled"),
            ("create_date", ">=", self.date_released)], limit=1))
