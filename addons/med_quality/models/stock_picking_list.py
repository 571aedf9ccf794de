from odoo import models


class StockPicking(models.Model):
    """The list that goes with a delivery (随货同行单), see the report of that name."""

    _inherit = "stock.picking"

    def _med_list_rows(self):
        """Return what is printed of each lot of this delivery, as texts (CN-GSP-5).

        Lines of the same lot are one row. What is not on file stays empty.
        """
        self.ensure_one()
        lines = self.move_line_ids.filtered(lambda line: line.quantity and line.state != "cancel")
        rows = []
        grouped = lines.grouped(lambda line: (line.product_id, line.lot_id))
        for (product, lot), same in grouped.items():
            di = lot._med_di() if lot else self.env["med.udi.di"]
            registration = di._med_registration_for(self.partner_id.country_id)
            rows.append({
                "product": product.display_name, "model": di.version_model or "",
                "maker": registration.registrant_name or di.basic_id.manufacturer_id.name or "",
                "licence": registration.licence_number or "", "number": registration.number or "",
                "di": di.name or "", "lot": lot.name or "", "batch": lot.med_batch or "",
                "made": str(lot.med_manufactured or ""), "expiry": str(lot._med_expiry() or "")
                if lot else "", "quantity": f"{sum(same.mapped('quantity_product_uom')):g}",
                "uom": product.uom_id.name,
                "storage": ", ".join(filter(None, di.storage_ids.mapped("limits")))})
        return rows
