from odoo import fields, models
from odoo.tools import SQL


class MrpProduction(models.Model):
    """A subcontracted order posts what the processor reported: which lots it used, and when."""

    _inherit = "mrp.production"

    med_shared = fields.Boolean(
        "Used Lots Are Shared", readonly=True, copy=False, help=(
            "The processor reported what it used for several lots together: which of several "
            "lots of a component went into this one is possible, not certain."))

    def _med_outsourcing_order(self):
        """Return the order to a processor that this order stands for in our books."""
        return self.sudo()._get_subcontract_move().med_outsourcing_order_id[:1]

    def button_mark_done(self):
        """What is posted consumes the very lots that the processor reported."""
        for production in self.filtered("subcontractor_id"):
            production._med_outsourcing_order()._med_write_used(production.sudo())
        result = super().button_mark_done()
        for production in self.filtered("subcontractor_id"):
            order = production._med_outsourcing_order()
            if order.state in ("received", "accepted"):
                order._med_prepare_scrap(over=True)  # what was used for goods that never came
        return result

    def _med_set_used(self, products, taken):
        """Write what was used of some products on this order, and nothing else of them.

        :param products: ids of products of which something was reported
        :param dict taken: (product id, lot id) → quantity in the product's unit
        """
        for product in self.env["product.product"].browse(sorted(products)):
            moves = self.move_raw_ids.filtered(
                lambda move, it=product: move.product_id == it
                and move.state not in ("done", "cancel"))
            rows = {lot: quantity for (one, lot), quantity in taken.items() if one == product.id}
            if not moves and rows:
                moves = self.env["stock.move"].create({
                    **self._get_move_raw_values(product, sum(rows.values()), product.uom_id),
                    "additional": True})
                moves._action_confirm(merge=False)
            moves.move_line_ids.unlink()
            self.env["stock.move.line"].create([{
                "move_id": moves[0].id, "product_id": product.id, "lot_id": lot,
                "quantity": quantity, "product_uom_id": product.uom_id.id,
                "location_id": moves[0].location_id.id,
                "location_dest_id": moves[0].location_dest_id.id, "picked": True,
                "company_id": self.company_id.id} for lot, quantity in rows.items()])
            moves.write({"manual_consumption": True, "picked": True})

    def _med_true_times(self):
        """Give what was posted the times that were reported; without a report nothing changes.

        When it was entered stays where it is: in the audit trail and the creation dates.
        """
        for production in self.filtered(lambda one: one.state == "done"):
            started, finished = production._med_outsourcing_order()._med_times_of(
                production.lot_producing_ids)
            if not finished:
                continue
            # Before the moves: Odoo gives those of an order its dates.
            production.with_context(force_date=True).write({
                "date_start": min(started, finished), "date_finished": finished})
            moves = production.move_raw_ids | production.move_finished_ids
            moves.filtered(lambda move: move.state == "done").write({"date": finished})
            moves.move_line_ids.filtered(
                lambda line: line.state == "done").write({"date": finished})
            self.env.flush_all()
            self.env.execute_query(SQL(
                """
                WITH e AS (
                    UPDATE med_genealogy_event SET date = %(time)s
                     WHERE res_model = 'mrp.production' AND res_id = %(order)s RETURNING id)
                UPDATE med_genealogy_line l SET date = %(time)s FROM e
                 WHERE l.event_id = e.id AND l.active RETURNING l.id
                """, time=finished, order=production.id))
            self.env["med.genealogy.event"].invalidate_model(["date"])
            self.env["med.genealogy.line"].invalidate_model(["date"])
