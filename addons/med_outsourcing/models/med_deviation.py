from dataclasses import replace

from odoo import fields, models
from odoo.addons.med_nonconformity.models.med_deviation import MedDeviation as Declared


class MedDeviation(models.Model):
    """What is made to another revision at a processor is named by a deviation: order or lots."""

    _inherit = "med.deviation"

    # Signed and locked with the rest: nobody adds an order to what was approved.
    _med_machine = replace(Declared._med_machine, content=(
        *Declared._med_machine.content, "med_outsourcing_order_ids"))

    med_outsourcing_order_ids = fields.Many2many(
        "med.outsourcing.order", string="Orders to Processors", check_company=True, copy=False,
        ondelete="restrict", help=(
            "For which orders a processor may make to another revision than was ordered. Empty: "
            "for the lots that are named, whichever order they are in."))

    def _med_give_back_part(self, document, rows):
        """Book that a document has not used so much as it had booked: its uses stay.

        :param rows: list of (product, lot or an empty one, quantity given back, above zero)
        """
        if rows:
            self.sudo()._lock_box()._book(document, [
                (product, lot, -quantity) for product, lot, quantity in rows],
                fields.Datetime.now())

    def _med_unnamed(self, order, lots):
        """Return why this does not let an order be made to another revision; '' where it does.

        It must name the order or, where it names none, each of the lots. Whether it is approved,
        in force and has room is asked of :meth:`_med_covers`.

        :param lots: list of ``stock.lot``, an empty one where there is no lot yet
        """
        deviation = self.sudo().ensure_one()
        named = deviation.med_outsourcing_order_ids
        if order in named or not named and lots and all(
                lot and lot in deviation.lot_ids for lot in lots):
            return ""
        if named:
            return self.env._("%(deviation)s is for %(orders)s, not for %(order)s.",
                              deviation=deviation.name, order=order.name,
                              orders=", ".join(named[:5].mapped("name")))
        return self.env._(
            "%(deviation)s names neither %(order)s nor all of its lots: have one approved that "
            "does.", deviation=deviation.name, order=order.name)
