from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import life
from .med_outsourcing_order import OPEN

DUE = (("date_due_acknowledge", ("released",)),
       ("date_due_start", ("released", "acknowledged")),
       ("date_due_finish", ("released", "acknowledged", "started")),
       ("date_due", OPEN))
"""Due date → the states in which it is not kept yet."""


class MedOutsourcingOrder(models.Model):
    """What is due when; what is late is told once, and shown until it is done."""

    _inherit = "med.outsourcing.order"

    late_text = fields.Char("What Is Late", compute="_compute_late_text")

    @api.depends("late", "state", *[name for name, _states in DUE])
    @api.depends_context("lang")
    def _compute_late_text(self):
        for order in self:
            order.late_text = ", ".join(
                self._fields[name]._description_string(self.env) for name in order._med_overdue())

    def _med_overdue(self):
        """Return the names of the due dates that have passed."""
        now = fields.Datetime.now()
        return [name for name, states in DUE
                if self.state in states and self[name] and self[name] < now]

    def _med_check_late(self):
        """Bring the mark in step; tell who is responsible when an order becomes late."""
        for order in self:
            late = bool(order._med_overdue())
            if late == order.late:
                continue
            order._med_store({"late": late})
            if late:
                text = self.env._("%(order)s is late: %(what)s", order=order.name,
                                  what=order.late_text)
                order._med_ask(order.user_id, text)
                order.sudo().message_post(body=text, subtype_xmlid="mail.mt_note")

    @api.model
    def _med_tell_late(self, batch=200):
        """Mark what became late since, a few at a time; the scheduled action calls this."""
        now = fields.Datetime.now()
        overdue = Domain.OR(
            Domain("state", "in", states) & Domain(name, "<", now) for name, states in DUE)
        orders = self.sudo().search(overdue & Domain("late", "=", False), order="id")
        left = len(orders)
        for start in range(0, left, batch):
            some = orders[start:start + batch].try_lock_for_update()
            some._med_check_late()
            if not self.env["ir.cron"]._commit_progress(
                    len(some), remaining=max(left - start - batch, 0)):
                break

    def _med_times_of(self, lots):
        """Return when these lots were begun and finished, as reported; None, None if nobody
        said so."""
        counted = self.event_ids.filtered(lambda one: not one.superseded)
        finished = counted.filtered(
            lambda one: one.kind == "finished" and one.lot_ids.filtered(
                lambda row: row.outcome == "good" and row.lot_id in lots))
        if not finished:
            return None, None
        end = max(finished.mapped("event_time"))
        started = [one.event_time for one in counted
                   if one.kind == life.AFTER["finished"] and one.event_time <= end]
        return min(started, default=end), end
