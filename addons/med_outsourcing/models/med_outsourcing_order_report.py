from odoo import models
from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.exceptions import UserError
from odoo.tools import clean_context

from ..exceptions import ReportRefused
from ..tools import life
from ..tools import report as form
from .med_outsourcing_event import ORIGINS
from .med_outsourcing_order import ENDED

QUIET = {"tracking_disable": True, "mail_create_nolog": True}


class MedOutsourcingOrder(models.Model):
    """The one way in: what a processor says is taken whole, or refused with a reason."""

    _inherit = "med.outsourcing.order"

    def _med_report(self, report, origin, message=0):
        """Take what a processor reports of this order.

        The caller has checked who speaks; times, order of life, revision, lots and quantities are
        checked here, whoever calls. The same report again has no second effect.

        :param dict report: see the addon's contract: kind, reference, revision, time (naive UTC
            datetime), person, operation, equipment, parameters, lots, used, note, supersedes
            (reference of the report that it corrects), deviation (number)
        :param str origin: own, portal, api or file
        :param int message: id of the message it came by
        :return: the ``med.outsourcing.event``
        :raise ReportRefused: with a JSON pointer into the report; nothing is applied
        """
        self.ensure_one()
        if origin not in dict(ORIGINS):
            raise ReportRefused("", self.env._("Nobody knows where this report comes from."))
        order = self.sudo().with_company(self.sudo().company_id)._med_lock()
        told = order._med_read_report(report)
        data = digest(canonical_json(form.comparable(told)))
        if known := order.event_ids.filtered(lambda one: (one.kind, one.reference) == (
                told["kind"], told["reference"])):
            return order._med_same_again(known, data)
        before = order._med_corrected(told)
        order._med_check_life(told, before)
        lots = order._med_report_lots(told, before)
        deviation = order._med_check_revision(told, lots)
        event = order._med_write_event(told, data, origin, message, before, lots, deviation)
        order.invalidate_recordset(["event_ids"])
        order._med_apply(event)
        order._med_refresh()
        order._med_after_report(event)
        return event

    def _med_after_report(self, event):
        """Do what else follows from an event. For addons."""

    # ------------------------------------------------------------------ keeping

    def _med_write_event(self, told, data, origin, message, before, lots, deviation):
        Event = self.env["med.outsourcing.event"].with_context(
            clean_context(self.env.context), **QUIET)
        if before:
            before.write({"superseded": True})
        self._med_make_lots(told["kind"], lots)
        event = Event.create({
            "order_id": self.id, "kind": told["kind"], "reference": told["reference"],
            "event_time": told["time"], "revision": told["revision"], "digest": data,
            "origin": origin, "message_res_id": message or 0, "user_id": self.env.uid,
            "supersedes_id": before.id, "parameters": told["parameters"] or False,
            "deviation_id": deviation.id, "deviates": "\n".join(filter(None, (
                self._med_deviates(told), self._med_to_adjust(before, lots)))) or False,
            **{name: told[name] for name in ("person", "operation", "equipment", "note")}})
        self.env["med.outsourcing.event.lot"].create([{
            "event_id": event.id, "product_id": row["product"].id, "lot_id": row["lot"].id,
            "lot_name": row["name"], "quantity": row["quantity"], "outcome": row["outcome"],
        } for row in lots])
        return event

    def _med_make_lots(self, kind, rows):
        """Make the lots that a report of finished goods names; they are born in quarantine."""
        made = {}
        for row in rows:
            if kind == "finished" and row["outcome"] in ("good", "reject") and not row["lot"]:
                if row["name"] not in made:
                    made[row["name"]] = self.env["stock.lot"].create({
                        "name": row["name"], "product_id": row["product"].id,
                        "company_id": self.company_id.id})
                row["lot"] = made[row["name"]]

    def _med_deviates(self, told):
        """Return in sentences what was reported and not ordered so; False for nothing."""
        _ = self.env._
        words = {
            "step": _("The step “%(name)s” is not in the routing of the order."),
            "unknown": _("“%(name)s” (%(value)s) is no parameter of the order."),
            "unit": _("“%(name)s”: %(value)s, but the order is in %(limits)s."),
            "unreadable": _("“%(name)s”: “%(value)s” is no number; ordered: %(limits)s."),
            "outside": _("“%(name)s”: %(value)s is outside %(limits)s."),
            "failed": _("“%(name)s”: failed (%(value)s)."),
        }
        return "\n".join(
            words[code] % {"name": name, "value": value, "limits": limits}
            for code, name, value, limits in form.deviations(self.contract or {}, told)) or False

    # ------------------------------------------------------------------ what follows

    def _med_apply(self, event):
        """Bring stock and people in step with an event."""
        # Held first: what is prepared to come back afterwards stays prepared.
        self._med_follow_bad()
        for deviation in event.deviation_id | event.supersedes_id.deviation_id if (
                event.kind == "finished") else ():
            try:
                self._med_use_deviation(deviation)
            except UserError as error:
                raise ReportRefused("/deviation", str(error)) from error
        if self._med_for_the_record(event.supersedes_id):
            pass  # the stock is adjusted by our people: quality is asked below
        elif event.kind == "finished":
            self._med_made(event)
            self._med_prepare_scrap()
        elif event.kind == "shipped":
            self._med_prepare_back()
        elif event.kind == "declined":
            self._med_ask(self.user_id, self.env._("Declined by the processor: %(note)s",
                                                   note=event.note or "–"))
        if event.deviates:
            self._med_ask_quality(self.env._("Not as ordered: %(what)s", what=event.deviates))
        bad = event.lot_ids.filtered(lambda row: row.outcome in ("reject", "scrap"))
        if bad:
            self._med_ask_quality(self.env._(
                "Rejected or scrapped at the processor: %(lots)s", lots=", ".join(
                    f"{row.lot_name} ({row.quantity:g})" for row in bad[:20])))

    def _med_refresh(self):
        """Bring the state in step with what counts."""
        for order in self.sudo():
            if order.state in ("draft", "cancelled"):
                continue
            state = life.state_of(order._med_said(), order._med_facts())
            if state != order.state:
                ended = state in ENDED and order.state not in ENDED
                order._med_store({"state": state})
                if ended and order.kind == "make":
                    order._med_prepare_scrap(over=True)  # what was used for goods that never came
            order._med_check_late()
