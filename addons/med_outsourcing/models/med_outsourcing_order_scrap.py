from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from .med_outsourcing_order_lots import SMALL


class MedOutsourcingOrder(models.Model):
    """What is scrapped at the processor is prepared as scrap at its place; our people post it."""

    _inherit = "med.outsourcing.order"

    scrap_ids = fields.One2many(
        "stock.scrap", "med_outsourcing_order_id", "Scrapped There", readonly=True)

    def _med_prepare_scrap(self, over=False):
        """Bring the drafts of scrap in step with what is reported as scrapped of our lots.

        Of goods that are made and scrapped there, it is what was used for them.

        :param bool over: nothing more comes: what was used for goods that never came is scrap
        """
        order = self.sudo().with_company(self.company_id)
        told = {key: quantity for key, quantity in order._med_lots_told(
            "finished", ("scrap",)).items() if key[1] and (
                order.kind == "process" or key[0] != order.product_id)}
        for key, quantity in order._med_used_for_nothing(over).items():
            told[key] = told.get(key, 0.0) + quantity
        for scrap in order.scrap_ids.filtered(lambda one: one.state == "done"):
            key = scrap.product_id, scrap.lot_id
            # What the stock says: scrap_qty is computed anew once it is posted, perhaps later.
            told[key] = told.get(key, 0.0) - sum(
                scrap.move_ids.move_line_ids.mapped("quantity_product_uom"))
        if over_posted := {key: -quantity for key, quantity in told.items()
                           if quantity < -SMALL}:
            order._med_ask_quality(self.env._(
                "Posted as scrap at the processor, and no longer reported so: %(lots)s. Correct "
                "the stock at its place before goods come back.", lots=", ".join(
                    f"{lot.name or product.display_name} ({quantity:g})"
                    for (product, lot), quantity in [*over_posted.items()][:20])))
        # What is prepared is prepared anew, so that a correction leaves nothing behind.
        order.scrap_ids.filtered(lambda one: one.state == "draft").unlink()
        self.env["stock.scrap"].sudo().with_company(self.company_id).create([{
            "product_id": product.id, "lot_id": lot.id, "scrap_qty": quantity,
            "product_uom_id": product.uom_id.id, "origin": order.name,
            "location_id": order.processor_id.location_id.id, "company_id": order.company_id.id,
            "med_outsourcing_order_id": order.id}
            for (product, lot), quantity in told.items() if quantity > SMALL])

    def _med_used_for_nothing(self, over):
        """Return ``{(product, lot): quantity}`` that was used for goods of which none is received:
        scrapped whole, or, once nothing more is waited for, never come."""
        sums = defaultdict(float)
        if self.kind != "make":
            return sums
        over = over and not self._med_open_receipts()
        for group in self._med_groups():
            productions = self.production_ids.filtered(
                lambda one, it=group: one.state != "cancel"
                and one.lot_producing_ids[:1].id in it.made)
            if group.made and not over or any(one.state != "done" for one in productions):
                continue
            left = dict(group.used)
            for line in productions.move_raw_ids.move_line_ids:
                key = line.product_id.id, line.lot_id.id
                left[key] = left.get(key, 0.0) - line.quantity_product_uom
            for (product, lot), quantity in left.items():
                product = self.env["product.product"].browse(product)
                if quantity > SMALL and product.is_storable:
                    sums[product, self.env["stock.lot"].browse(lot or [])] += quantity
        return sums

    def _med_nothing_comes(self):
        """Return whether all that was ordered is finished, and all of it that comes is here.

        :raise UserError: so it is, and what was scrapped or used for it is not posted
        """
        facts = self._med_facts()
        if facts.done < facts.ordered - SMALL or facts.coming > facts.back + SMALL:
            return False
        if self.scrap_ids.filtered(lambda one: one.state == "draft"):
            raise UserError(self.env._(
                "%(order)s: post the scrap at the processor first. It is what was used for goods "
                "that were scrapped there.", order=self.name))
        return True
