from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

VERSION = 1


class StockPicking(models.Model):
    """Deliveries and their check-out review, see `med.checkout.review`."""

    _inherit = "stock.picking"

    med_checkout_ids = fields.One2many("med.checkout.review", "picking_id", "Check-Out Reviews",
                                       readonly=True, copy=False)
    med_picker_ids = fields.Many2many(
        "res.users", "med_stock_picking_picker_rel", string="Picked By", readonly=True, copy=False,
        help="Everybody who marked something of it as picked.")
    med_checkout_state = fields.Selection(
        [("needed", "To be reviewed"), ("open", "Being reviewed"), ("changed", "Changed since"),
         ("done", "Reviewed")], "Check-Out Review", compute="_compute_med_checkout",
        compute_sudo=True)
    med_to_pick = fields.Boolean("To Be Picked", compute="_compute_med_checkout", compute_sudo=True)

    @api.depends("state", "med_checkout_ids.state", "move_line_ids.picked",
                 "move_line_ids.quantity", "move_line_ids.lot_id")
    def _compute_med_checkout(self):
        for picking in self:
            review = picking.med_checkout_ids
            lines = picking._med_checkout_lines()
            picking.med_to_pick = bool(lines) and picking.state not in ("done", "cancel") and (
                not any(lines.mapped("picked")))
            if review.state == "done":
                changed = lines._med_checkout_obstacle(review)
                picking.med_checkout_state = "changed" if changed else "done"
            else:
                picking.med_checkout_state = "open" if review else (
                    "needed" if lines and picking.state != "done" else False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("med_picker_ids") or vals.get("med_checkout_ids"):
                self._med_refuse_pickers()
        # Written out, so that no default of the caller's context gets in.
        return super().create([
            {**vals, "med_picker_ids": [], "med_checkout_ids": []} for vals in vals_list])

    def write(self, vals):
        if {"med_picker_ids", "med_checkout_ids"} & vals.keys():
            self._med_refuse_pickers()
        return super().write(vals)

    def _med_refuse_pickers(self):
        raise AccessError(self.env._("Who picked and who reviewed follows from what they did."))

    # ------------------------------------------------------------------ picking

    def action_med_picked(self):
        """Mark what is reserved for these deliveries as picked, by the reader."""
        for picking in self:
            if not picking.move_ids.filtered("quantity"):
                raise UserError(self.env._("%s has nothing to pick yet.", picking.name))
            picking.move_ids.filtered("quantity").picked = True

    def _med_pickers(self):
        """Return who picked what goes with this delivery, in steps before it too."""
        pickings, moves = self.browse(), self.move_ids
        while moves.picking_id - pickings:
            pickings |= moves.picking_id
            moves = moves.move_orig_ids.filtered(lambda move: move.location_id.usage == "internal")
        return pickings.sudo().med_picker_ids

    # ------------------------------------------------------------------ review

    def _med_checkout_lines(self):
        """Return what is to be reviewed of these deliveries, as posting them would take it.

        Like core: as soon as one line is picked, those that are not stay behind.
        """
        self = self.filtered(lambda one: one.location_dest_id.usage in ("customer", "transit"))
        lines = self.move_line_ids.filtered(lambda line: line.quantity and line.state != "cancel")
        picked = lines.filtered("picked")
        return (picked or lines)._med_checkout_needed()

    def med_checkout(self):
        """Open the check-out review of one delivery, or return the one there is.

        :return: ``{"version", "review" (id), "name", "state", "second" (whether the checker must
            not have picked), "pickers": [{"id", "name"}]}``; scan into the review with
            ``med.checkout.review`` ``med_scan``
        :raise UserError: nothing of it has to be reviewed, or it is closed
        """
        self._med_check_document("read")
        if not any(map(self.env.user.has_group, self.env["med.checkout.review"]._checkers())):
            raise AccessError(self.env._("Your role makes no check-out reviews."))
        review = self.env["med.checkout.review"].search([("picking_id", "=", self.id)])
        if not review:
            if self.state in ("done", "cancel"):
                raise UserError(self.env._("%s is closed: it is not reviewed.", self.name))
            if not self.sudo()._med_checkout_lines():
                raise UserError(self.env._(
                    "%s: nothing is reserved or picked that has to be reviewed.", self.name))
            review = review.sudo().create({
                "picking_id": self.id, "company_id": self.company_id.id}).sudo(False)
        return {
            "version": VERSION, "review": review.id, "name": review.name, "state": review.state,
            "second": review.sudo().second,
            "pickers": [{"id": user.id, "name": user.name} for user in self._med_pickers()]}

    def action_med_checkout(self):
        """Open the page on which this delivery is reviewed."""
        review = self.env["med.checkout.review"].browse(self.med_checkout()["review"])
        return review.action_med_scan()

    def action_med_checkout_open(self):
        """Open the review of this delivery."""
        return {"type": "ir.actions.act_window", "res_model": "med.checkout.review",
                "view_mode": "form", "res_id": self.med_checkout_ids.id}
