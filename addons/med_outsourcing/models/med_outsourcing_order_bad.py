from odoo import fields, models

from ..tools import report as form

QUALITY = "med_base.med_base_group_qa"
WORSE = ("reject", "scrap")
NAMED = ("good", "reject", "scrap")


class MedOutsourcingOrder(models.Model):
    """A report that departs from the order, or rejects: a nonconformity of ours, and a hold."""

    _inherit = "med.outsourcing.order"

    nonconformity_ids = fields.Many2many(
        "med.nonconformity", string="Nonconformities", compute="_compute_nonconformity_ids",
        compute_sudo=True, help="What its reports have begun here.")

    def _compute_nonconformity_ids(self):
        for order in self:
            order.nonconformity_ids = order.event_ids.nonconformity_ids

    def action_nonconformities(self):
        """Open the nonconformities that reports of these orders have begun.

        What has none yet, because its product was not controlled then, gets it now where
        quality assurance asks.
        """
        self.check_access("read")
        for order in self if self.env.user.has_group(QUALITY) else ():
            order.sudo().with_company(order.sudo().company_id)._med_follow_bad()
        return self._med_window(self.env._("Nonconformities"), "med.nonconformity",
                                [("id", "in", self.sudo().event_ids.nonconformity_ids.ids)])

    # ------------------------------------------------------------------ what is bad

    def _med_rejects(self, event):
        """Return the rows of a report that call something of this order not good."""
        # What is scrapped there when it is finished is booked off and does not come back.
        bad = WORSE[:1] if event.kind == "finished" else WORSE
        return event.lot_ids.filtered(
            lambda row: row.outcome in bad and row.product_id in self._med_products())

    def _med_fails(self, event):
        """Return whether a report says that something failed: no deviation makes that good."""
        return bool(self._med_rejects(event)) or any(
            code == "failed" for code, *_rest in form.deviations(self.contract or {}, {
                "operation": "", "parameters": event.parameters or []}))

    def _med_bad_keys(self, event):
        """Return ``{(product id, lot name)}`` that a bad report speaks of; None: every lot."""
        rows = self._med_rejects(event)
        if event.deviates:
            rows = event.lot_ids.filtered(
                lambda row: row.outcome in NAMED and row.product_id in self._med_products())
        return {(row.product_id.id, row.lot_name) for row in rows} or None

    def _med_bad_events(self):
        """Return the reports that count and depart from the order, or reject."""
        return self._med_counting().filtered(
            lambda one: one.deviates or self._med_rejects(one))

    def _med_own_lots(self):
        """Return the lots that are processed, or were made as far as they are finished."""
        if self.kind == "process":
            return self.line_ids.lot_id
        return self.event_ids.lot_ids.filtered(
            lambda row: row.lot_id and row.product_id == self.product_id).lot_id

    def _med_permits(self, lots):
        """Return ``{lot: deviation}`` approved for this order, or for these lots of it.

        Under None is what names the order, whatever lots it will have.
        """
        found = self.env["med.deviation"].sudo().search([
            ("company_id", "=", self.company_id.id), ("state", "in", ("approved", "closed")),
            "|", ("med_outsourcing_order_ids", "in", self.ids), "&",
            ("med_outsourcing_order_ids", "=", False), ("lot_ids", "in", lots.ids)], order="id")
        told = {}
        for one in found:
            named = self in one.med_outsourcing_order_ids
            for lot in lots if not named else [*lots, None]:
                if named or not one._med_unnamed(self, [lot]):
                    told.setdefault(lot, one)
        return told

    # ------------------------------------------------------------------ what follows

    def _med_follow_bad(self):
        """Let every bad report that counts have its nonconformity, with its lots held.

        Lots that are made after a report of a bad step belong to it from the moment they exist.
        """
        if not any(self._med_products().mapped("med_controlled")):
            return
        for event in self._med_bad_events():
            self._med_contain(event)

    def _med_contain(self, event):
        lots, keys = self._med_own_lots().filtered("product_id.med_controlled"), (
            self._med_bad_keys(event))
        if keys is not None:
            lots = lots.filtered(lambda lot: (lot.product_id.id, lot.name) in keys)
        problems = event.nonconformity_ids
        new = lots - problems.line_ids.lot_id
        if problems and not new or event._med_is_parted():
            return
        permits = self._med_permits(new) if not self._med_fails(event) else {}
        if all(lot in permits for lot in new or [None]):
            return  # approved before it was reported
        if told := self._med_told_before(event, new):
            event._med_link(told)
            return
        text = self.env._("%(order)s: %(event)s", order=self.name, event=event._med_bad_text())
        # What was evaluated already was evaluated without this: it is another one then.
        same = self.event_ids.nonconformity_ids.filtered(lambda one: one.state == "reported")[:1]
        if same:
            same._med_add(new, dict.fromkeys(new, "reported"))
            same._message_log(body=text)
        else:
            same, _held = self.env["med.nonconformity"].sudo()._med_report(
                text[:250], new, "processor", self.company_id, document=self, description=text,
                event_time=min(event.event_time, fields.Datetime.now()),
                partner_id=self.partner_id.id,
                product_id=(new.product_id[:1] or self._med_products()[:1]).id)
        event._med_link(same)

    def _med_told_before(self, event, lots):
        """Return the nonconformities of what is sent back as rejected as it was finished so."""
        if event.kind != "shipped" or event.deviates or not lots:
            return self.env["med.nonconformity"]
        before = self._med_told("finished", ("reject",))
        if any(quantity > before.get(key, 0.0) + 1e-6
               for key, quantity in self._med_told("shipped", ("reject",)).items()):
            return self.env["med.nonconformity"]
        found = self._med_counting().filtered(
            lambda one: one.kind == "finished").nonconformity_ids
        return found if lots <= found.line_ids.lot_id else found.browse()
