from odoo import models
from odoo.exceptions import UserError


class MedProcessorRelease(models.Model):
    """What was made to another revision is released under a deviation of ours, or not at all."""

    _inherit = "med.processor.release"

    def _med_check_deviation(self):
        """Refuse what the deviation does not cover now: another revision, or these lots.

        At the ordered revision it is that of a report, for other material: it need not name the
        order. Any other one must, or this order would use up what others were granted.
        """
        order, deviation = self.order_id.sudo(), self.sudo().deviation_id
        other = self.revision != order.revision
        if deviation.company_id != self.company_id:
            raise UserError(self.env._(
                "%(name)s is of another company.", name=deviation.name))
        used, rows = order._med_deviation_used(deviation), []
        for line in self.line_ids:
            lot = line._med_lots()[:1]
            rows.append((line.product_id, lot, max(
                line.quantity - used.get((line.product_id, lot), 0.0), 0.0)))
        reported = order._med_finished_under(deviation)
        known = all((product, lot) in reported for product, lot, _quantity in rows)
        why = order._med_uncovered(deviation, rows, other or not known)
        if why and not other:
            raise UserError(why)
        if why:
            raise UserError(self.env._(
                "%(order)s is to be made to revision %(asked)s, not %(told)s. %(why)s",
                order=order.name, asked=order.revision, told=self.revision, why=why))

    def _med_use_deviation(self):
        """Book what is released under the deviation, where the report of it did not."""
        self.order_id.sudo()._med_use_deviation(self.sudo().deviation_id)

    def _med_revision_text(self):
        """Return the revision, with the deviation that lets it be another one."""
        deviation = self.sudo().deviation_id.name
        return f"{self.revision or ''} ({deviation})" if deviation else self.revision or ""
