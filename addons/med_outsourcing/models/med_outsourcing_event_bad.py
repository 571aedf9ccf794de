from odoo import fields, models


class MedOutsourcingEvent(models.Model):
    """What followed from a bad report: its nonconformities. The report itself stays as it is."""

    _inherit = "med.outsourcing.event"

    nonconformity_ids = fields.Many2many(
        "med.nonconformity", "med_outsourcing_event_nonconformity_rel", "event_id",
        "nonconformity_id", string="Nonconformities", readonly=True, copy=False)

    def _med_link(self, problems):
        """Remember which nonconformities a report has begun, or belongs to."""
        self.sudo().write({"nonconformity_ids": [(4, one.id) for one in problems]})

    def _med_bad_text(self):
        """Return in a sentence what is bad about a report."""
        rows = self.order_id._med_rejects(self)
        told = [self.display_name]
        if rows:
            told.append(self.env._("Rejected at the processor: %(lots)s", lots=", ".join(
                f"{row.lot_name} ({row.quantity:g})" for row in rows[:20])))
        if self.deviates:
            told.append(self.env._("Not as ordered: %(what)s", what=self.deviates))
        return "\n".join(told)

    def _med_is_parted(self):
        """Return whether what was rejected was decided about without the rest of its lot.

        How much is left in the lot is compared apart.
        """
        problems = self.sudo().nonconformity_ids
        return bool(problems) and not self.deviates and all(
            one.state in ("decided", "closed") for one in problems)

    def _med_settled(self, lot, known=True):
        """Return whether quality assurance has decided about this report for a lot.

        :param known: the report named the lot; else it has named lots that nobody made
        """
        problems = self.sudo().nonconformity_ids
        if known and self._med_is_parted() and lot not in problems.line_ids.lot_id:
            return True
        mine = problems.filtered(lambda one: lot in one.line_ids.lot_id) if known else problems
        return bool(mine) and all(
            one.state == "cancelled" or one.state in ("decided", "closed") and (
                not known or one.line_ids.filtered(lambda line: line.lot_id == lot).decision)
            for one in mine)
