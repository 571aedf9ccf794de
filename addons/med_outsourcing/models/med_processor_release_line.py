from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare


class MedProcessorReleaseLine(models.Model):
    """How much of which lot a processor releases."""

    _name = "med.processor.release.line"
    _description = "Lot Released by a Processor"
    _order = "release_id desc, id"
    _rec_name = "lot_name"

    release_id = fields.Many2one(
        "med.processor.release", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="release_id.company_id", store=True, index=True)
    state = fields.Selection(related="release_id.state")
    product_id = fields.Many2one("product.product", required=True, index=True,
                                 ondelete="restrict")
    lot_name = fields.Char("Lot or Serial", required=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")

    _lot_uniq = models.Constraint(
        "UNIQUE (release_id, product_id, lot_name)", "The release has this lot already.")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.release_id._med_check_open()
        return lines

    def write(self, vals):
        self.release_id._med_check_open()
        result = super().write(vals)
        self.release_id._med_check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        self.release_id._med_check_open()

    def _med_lots(self):
        """Return the lots of these names, where we have them already."""
        found = self.env["stock.lot"]
        for line in self:
            found |= found.search([
                ("product_id", "=", line.product_id.id), ("name", "=", line.lot_name),
                ("company_id", "in", [False, line.company_id.id])])
        return found

    def _med_check_order(self):
        """Refuse a lot that the order does not ask for, or more of it than was sent."""
        order = self.release_id.order_id
        if order.kind == "make":
            made = order.product_id | order.move_ids.product_id | (
                order.move_ids.move_orig_ids.production_id.move_finished_ids.product_id)
            if self.product_id not in made:
                raise UserError(self.env._(
                    "%(order)s does not make %(product)s.", order=order.name,
                    product=self.product_id.display_name))
            return
        own = order.line_ids.filtered(lambda row: (
            row.lot_id.name == self.lot_name and row.product_id == self.product_id))
        if not own:
            raise UserError(self.env._(
                "%(lot)s is not a lot of %(order)s.", lot=self.lot_name, order=order.name))
        others = self.sudo().search([
            ("release_id.order_id", "=", order.id), ("release_id.state", "=", "released"),
            ("product_id", "=", self.product_id.id), ("lot_name", "=", self.lot_name),
            ("id", "not in", self.ids)])
        total = sum(others.mapped("quantity")) + self.quantity
        if float_compare(total, own.quantity, precision_digits=6) > 0:
            raise UserError(self.env._(
                "%(lot)s: %(told)s released, but %(sent)s are in %(order)s.", lot=self.lot_name,
                told=f"{total:g}", sent=f"{own.quantity:g}", order=order.name))

    @api.model
    def _med_released(self, lots, processor):
        """Return ``{lot: quantity}`` that a processor has validly released of lots."""
        told = dict.fromkeys(lots, 0.0)
        rows = self.sudo().search([
            ("release_id.processor_id", "=", processor.id), ("release_id.state", "=", "released"),
            ("product_id", "in", lots.product_id.ids), ("lot_name", "in", lots.mapped("name"))])
        keys = {(lot.product_id, lot.name): lot for lot in lots}
        for row in rows.filtered(lambda line: line.release_id.valid):
            lot = keys.get((row.product_id, row.lot_name))
            # Another company's lot may bear the same number.
            if lot and lot.company_id in (lot.company_id.browse(), row.company_id):
                told[lot] += row.quantity
        return {lot: round(quantity, 6) for lot, quantity in told.items()}
