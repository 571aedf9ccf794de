from odoo import api, fields, models

ORDERED = ("to approve", "purchase")


class PurchaseOrder(models.Model):
    """Nothing is ordered from a processor that is not covered today, by any way of confirming."""

    _inherit = "purchase.order"

    med_covered = fields.Selection(
        [("covered", "Covered"), ("open", "Not Covered")], "Processor",
        compute="_compute_med_covered", help=(
            "Whether file, process, quality agreement and certificates of the processor cover "
            "what is ordered, today."))
    med_covered_why = fields.Text("Why Not Covered", compute="_compute_med_covered")

    @api.depends("partner_id", "company_id", "order_line.product_id", "state")
    def _compute_med_covered(self):
        Processor = self.env["med.processor"]
        for order in self:
            file, why, rows = Processor._med_of(order.partner_id, order.company_id), {}, []
            if order.state != "cancel":
                rows = order._med_subcontracted()
            for process, product in rows:
                why.update(dict.fromkeys(file._med_obstacles(process, product)))
            order.med_covered = ("open" if why else "covered") if rows else False
            order.med_covered_why = "\n".join(why)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda order: order.state in ORDERED)._med_check_covered()
        return orders

    def write(self, vals):
        if vals.get("state") in ORDERED:
            self.filtered(lambda order: order.state != vals["state"])._med_check_covered()
        before = {order: order.partner_id for order in self} if "partner_id" in vals else {}
        result = super().write(vals)
        self.filtered(lambda order: order in before and order.state in ORDERED
                      and order.partner_id != before[order])._med_check_covered()
        return result

    def _med_subcontracted(self):
        """Return ``[(process, controlled product)]`` of what the vendor is to make for us."""
        self.ensure_one()
        Bom, rows = self.env["mrp.bom"].sudo(), []
        for product in self.sudo().order_line.product_id.filtered("med_controlled"):
            bom = Bom._bom_subcontract_find(
                product, picking_type=self.picking_type_id, company_id=self.company_id.id,
                bom_type="subcontract", subcontractor=self.partner_id)
            if bom:
                rows.append((bom.med_process, product))
        return rows

    def _med_check_covered(self):
        """Refuse what no file, process or agreement covers; see :meth:`med.processor._med_gate`."""
        for order in self:
            if rows := order._med_subcontracted():
                self.env["med.processor"]._med_gate(
                    order.partner_id, order.company_id, rows,
                    order.picking_type_id.warehouse_id, order)
