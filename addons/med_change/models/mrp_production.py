from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class MrpProduction(models.Model):
    """An order is confirmed with the version in force, and stays with it."""

    _inherit = "mrp.production"

    med_version_id = fields.Many2one(
        "med.product.version", "Version", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", help=(
            "Of the product, as it was in force when the order was confirmed."))

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**vals, "med_version_id": False} for vals in vals_list])

    def write(self, vals):
        if "med_version_id" in vals and not take(self._name, self.ids, vals["med_version_id"]):
            raise AccessError(self.env._("The version of an order follows from its confirmation."))
        return super().write(vals)

    def action_confirm(self):
        result = super().action_confirm()
        self._med_take_version()
        return result

    def _split_productions(self, amounts=False, cancel_remaining_qty=False,
                           set_consumed_qty=False):
        """What is split off stays with the version of the order it comes from."""
        before = {one: one.sudo().med_version_id for one in self}
        orders = super()._split_productions(
            amounts=amounts, cancel_remaining_qty=cancel_remaining_qty,
            set_consumed_qty=set_consumed_qty)
        version = None
        for order in orders:
            version = before.get(order, version)
            if version and not order.sudo().med_version_id:
                order._med_store_version(version)
        return orders

    def _post_inventory(self, cancel_backorder=False):
        self._med_take_version(posting=True)
        result = super()._post_inventory(cancel_backorder=cancel_backorder)
        for order in self.sudo().filtered("med_version_id"):
            lots = order.move_finished_ids.filtered(
                lambda move, it=order: move.product_id == it.product_id
                and move.state == "done").move_line_ids.lot_id
            lots._med_made_to(order)
        return result

    def _med_take_version(self, posting=False):
        """Keep the version in force, and refuse a bill of materials that is not of it.

        None at all is right only where the product itself is worked on again.

        :param posting: lots are known now; what was taken at confirmation counts unless a version
            begins with a lot
        """
        Version = self.env["med.product.version"].sudo()
        for order in self.sudo().filtered("product_tmpl_id.med_change_control"):
            product = order.product_tmpl_id
            by_lot = any(product.med_version_ids.mapped("effective_lot"))
            if posting and order.med_version_id and not by_lot:
                continue
            if not posting:
                # Not while a change is being put into effect, which locks the product.
                self.env.execute_query(SQL(
                    "SELECT id FROM product_template WHERE id = %s FOR SHARE", product.id))
            version = Version._med_in_force(product, order.lot_producing_ids.mapped("name"))
            if posting and not order.lot_producing_ids and order.med_version_id:
                continue
            rework = order.product_id in order.move_raw_ids.product_id
            if version and order.bom_id not in version.bom_ids and (
                    order.bom_id or version.bom_ids and not rework):
                raise UserError(self.env._(
                    "%(order)s: its bill of materials is not that of version %(number)s of "
                    "%(product)s, which is in force. Choose another one.", order=order.name,
                    number=version.number, product=product.display_name))
            if version != order.med_version_id:
                order._med_store_version(version)

    def _med_store_version(self, version):
        with permit(self._name, self.ids, version.id):
            self.sudo().write({"med_version_id": version.id})
