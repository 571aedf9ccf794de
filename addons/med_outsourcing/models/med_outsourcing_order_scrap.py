from odoo import fields, models


class MedOutsourcingOrder(models.Model):
    """What is scrapped at the processor is prepared as scrap at its place; our people post it."""

    _inherit = "med.outsourcing.order"

    scrap_ids = fields.One2many(
        "stock.scrap", "med_outsourcing_order_id", "Scrapped There", readonly=True)

    def _med_prepare_scrap(self):
        """Bring the drafts of scrap in step with what is reported as scrapped of our lots."""
        order = self.sudo().with_company(self.company_id)
        told = {key: quantity for key, quantity in order._med_lots_told(
            "finished", ("scrap",)).items() if key[1] and (
                order.kind == "process" or key[0] != order.product_id)}
        for scrap in order.scrap_ids.filtered(lambda one: one.state == "done"):
            key = scrap.product_id, scrap.lot_id
            told[key] = told.get(key, 0.0) - scrap.product_uom_id._compute_quantity(
                scrap.scrap_qty, scrap.product_id.uom_id, round=False)
        # What is prepared is prepared anew, so that a correction leaves nothing behind.
        order.scrap_ids.filtered(lambda one: one.state == "draft").unlink()
        self.env["stock.scrap"].sudo().with_company(self.company_id).create([{
            "product_id": product.id, "lot_id": lot.id, "scrap_qty": quantity,
            "product_uom_id": product.uom_id.id, "origin": order.name,
            "location_id": order.processor_id.location_id.id, "company_id": order.company_id.id,
            "med_outsourcing_order_id": order.id}
            for (product, lot), quantity in told.items() if quantity > 1e-6])
