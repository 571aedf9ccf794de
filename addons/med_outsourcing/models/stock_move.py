from odoo import api, fields, models
from odoo.exceptions import AccessError

LINKS = ("med_outsourcing_order_id", "med_outsourcing_transfer_id")


class StockMove(models.Model):
    """What is received of a processor's making is an order to it; its goods bring the order on."""

    _inherit = "stock.move"

    med_outsourcing_order_id = fields.Many2one(
        "med.outsourcing.order", "Order to a Processor", index="btree_not_null", copy=False,
        ondelete="restrict")
    med_outsourcing_transfer_id = fields.Many2one(
        "med.outsourcing.order", "Lots of an Order to a Processor", index="btree_not_null",
        copy=False, ondelete="restrict")

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        vals_list = [{**vals, **{name: vals.get(name, False) for name in LINKS}}
                     for vals in vals_list]
        if not self.env.su:
            for vals in vals_list:
                self._med_check_links(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and any(name in vals for name in LINKS):
            self._med_refuse_links()
        return super().write(vals)

    def _med_check_links(self, vals):
        """Refuse a link that is not that of a move split off one of the same goods and way."""
        for name in LINKS:
            if vals[name] and not self.sudo().search_count([
                    (name, "=", vals[name]),
                    *[(key, "=", vals.get(key)) for key in (
                        "product_id", "location_id", "location_dest_id")]], limit=1):
                self._med_refuse_links()

    def _med_refuse_links(self):
        raise AccessError(self.env._("To which order goods belong follows from the order."))

    def _prepare_move_split_vals(self, qty):
        return {**super()._prepare_move_split_vals(qty),
                **{name: self.sudo()[name].id for name in LINKS}}

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), *LINKS]

    @api.model
    def _prepare_merge_negative_moves_excluded_distinct_fields(self):
        return [*super()._prepare_merge_negative_moves_excluded_distinct_fields(), *LINKS]

    # ------------------------------------------------------------------ orders

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        moves = super()._action_confirm(
            merge=merge, merge_into=merge_into, create_proc=create_proc)
        moves._med_order()
        return moves

    def _med_order(self):
        """Release an order for each receipt that a processor is to make, whatever made it."""
        Order = self.env["med.outsourcing.order"].sudo()
        for move in self.sudo().filtered(
                lambda one: one.is_subcontract and not one.med_outsourcing_order_id
                and one.product_id.med_controlled and one.state not in ("done", "cancel")
                and one.product_uom_qty > 0):
            partner = move.picking_id.partner_id
            processor = self.env["med.processor"]._med_of(partner, move.company_id)
            if not processor:
                continue  # an open gate has let it through, and noted it
            bom = move._get_subcontract_bom()
            order = Order.with_company(move.company_id).create({
                "company_id": move.company_id.id, "processor_id": processor.id, "kind": "make",
                "process": bom.med_process, "note": bom.med_instructions,
                "product_id": move.product_id.id, "quantity": move.product_uom_qty,
                "uom_id": move.product_uom.id, "purchase_line_id": move.purchase_line_id.id,
                "date_due": move.date,
                "user_id": (move.purchase_line_id.order_id.user_id or self.env.user).id})
            move.med_outsourcing_order_id = order
            if processor.location_id:
                order._med_release()

    def _should_assign_at_confirm(self):
        # The order says which lots go.
        return not self.sudo().med_outsourcing_transfer_id and super()._should_assign_at_confirm()

    def _med_from_processor(self):
        return super()._med_from_processor() or bool(
            self.sudo().med_outsourcing_transfer_id and self.location_id.is_subcontract())
