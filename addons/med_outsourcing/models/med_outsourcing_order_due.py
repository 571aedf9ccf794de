from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .med_outsourcing_order import STEPPED
from .med_outsourcing_order_late import DUE

PURCHASING = "med_base.med_base_group_purchasing"
LED = {"user_id", *(name for name, _states in DUE)}
"""What of a released order only who leads it changes."""


class MedOutsourcingOrder(models.Model):
    """Dates of a released order: who leads it sets them, and its processor is told."""

    _inherit = "med.outsourcing.order"

    def write(self, vals):
        if not LED & vals.keys() or STEPPED.keys() & vals.keys():  # steps look for themselves
            return super().write(vals)
        self.check_access("write")
        changes = {order: order._med_led(vals) for order in self if order.state != "draft"}
        for order, changed in changes.items():
            order._med_check_led(changed)
        result = super().write(vals)
        for order, changed in changes.items():
            order._med_tell_due(changed)
        return result

    def _med_led(self, vals):
        """Return ``{field: (value before, value to be)}`` of what a write changes of those."""
        changed = {}
        for name in sorted(LED & vals.keys()):
            field = self._fields[name]
            before = field.convert_to_cache(self[name], self) or False
            after = field.convert_to_cache(vals[name], self) or False
            if before != after:
                changed[name] = before, after
        return changed

    def _med_check_led(self, changed):
        """Refuse changes by who does not lead the order, and of a date that is kept already."""
        if changed and not self.env.su and self.user_id != self.env.user and (
                not self.env.user.has_group(PURCHASING)):
            raise AccessError(self.env._(
                "%(order)s is released: its dates are changed by who is responsible for it, or by "
                "purchasing. Ask %(person)s.", order=self.name,
                person=self.user_id.name or self.env._("purchasing")))
        for name, states in DUE:
            if name in changed and self.state not in states:
                raise UserError(self.env._(
                    "%(order)s is “%(state)s”: “%(date)s” was kept, or is waited for no more. It "
                    "stays.", order=self.name, date=self._fields[name]._description_string(
                        self.env), state=dict(self._fields["state"]._description_selection(
                            self.env))[self.state]))

    def _med_tell_due(self, changed):
        """Tell the processor which dates are other ones now, and look anew what is late."""
        words = [self.env._(
            "%(date)s: %(new)s instead of %(old)s",
            date=self._fields[name]._description_string(self.env),
            new=self._med_time_text(changed[name][1]), old=self._med_time_text(changed[name][0]))
            for name, _states in DUE if name in changed]
        if not words:
            return
        self._med_tell_processor("due", self.env._(
            "Due dates are changed. %(changes)s", changes="; ".join(words)))
        self.invalidate_recordset(["late_text"])
        self._med_check_late()

    def _med_time_text(self, moment):
        return f"{fields.Datetime.to_string(moment)} UTC" if moment else "–"
