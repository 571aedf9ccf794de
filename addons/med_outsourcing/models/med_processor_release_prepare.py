from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

OPEN_ORDER = ("draft", "declined", "cancelled")


class MedProcessorRelease(models.Model):
    """A release is prepared for the processor to sign, where the order asks for these lots."""

    _inherit = "med.processor.release"

    @api.model
    def _med_prepare(self, order, lots, revision, note="", deviation=""):
        """Return a release for the processor to sign.

        :param lots: list of ``{"lot": name, "quantity": float in the product's unit}``, with
            ``"product": record`` where it is another one than the order's
        :param revision: to which they made it, as they say
        :param deviation: number of our deviation, where it is not that of the order
        :raise UserError: the order has no such lot, too little of it, or another revision that no
            deviation in force covers
        """
        lines = []
        for one in lots:
            known = order.line_ids.lot_id.filtered(
                lambda lot, name=one["lot"]: lot.name == name)[:1]
            product = one.get("product") or known.product_id or order.product_id
            if not product:
                raise UserError(self.env._(
                    "%(lot)s is not a lot of %(order)s.", lot=one["lot"], order=order.name))
            lines.append(Command.create({
                "product_id": product.id, "lot_name": one["lot"], "quantity": one["quantity"]}))
        permit_of = order._med_find_deviation(deviation) if deviation else (
            self.env["med.deviation"])
        if deviation and not permit_of:
            raise UserError(self.env._("There is no deviation %(number)s.", number=deviation))
        release = self.sudo().create({
            "order_id": order.id, "revision": revision, "note": note, "line_ids": lines,
            "deviation_id": permit_of.id})
        release._med_check_lines()
        return release

    def _med_check_lines(self):
        """Refuse what the order does not ask for: another revision, lot, product or quantity."""
        order = self.order_id
        if order.state in OPEN_ORDER or not order.revision:
            raise UserError(self.env._(
                "%(order)s is not with the processor: %(state)s.", order=order.name,
                state=dict(order._fields["state"]._description_selection(self.env))[order.state]))
        other = self.revision != order.revision
        if other and not (self.revision and self.deviation_id):
            raise UserError(self.env._(
                "%(order)s is to be made to revision %(asked)s, not %(told)s. Another one is "
                "released only under an approved deviation that is in force: name its number.",
                order=order.name, asked=order.revision, told=self.revision or "-"))
        if not self.line_ids or any(line.quantity <= 0 for line in self.line_ids):
            raise UserError(self.env._("Name the lots, and of each how much: above zero."))
        for line in self.line_ids:
            line._med_check_order()
        self._med_check_good()
        if other or self.deviation_id:
            self._med_check_deviation()
        self._med_check_made_to()
