from collections import defaultdict
from functools import cache

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.checkout import MISSING, obstacle

PICKS = {"picked", "quantity", "lot_id", "picking_id", "move_id", "result_package_id"}


class StockMoveLine(models.Model):
    """Who picked, and that what goes to a consignee is what somebody confirmed."""

    _inherit = "stock.move.line"

    # ------------------------------------------------------------------ who picked

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._med_note_pickers()
        return lines

    def write(self, vals):
        before = {}
        if {"picking_id", "move_id"} & vals.keys():
            before = {line.id: line.sudo().picking_id.med_picker_ids.ids for line in self
                      if line.picked and line.product_id.med_controlled}
        result = super().write(vals)
        if PICKS & vals.keys():
            self._med_note_pickers(before)
        return result

    def _med_note_pickers(self, before=None):
        """Keep who marked goods of controlled products as picked; nobody is taken off again.

        :param before: line id → ids of those who had picked the document it was on
        """
        people = {(line.picking_id.id, person) for line in self if line.picked and line.picking_id
                  and line.state not in ("done", "cancel") and line.product_id.med_controlled
                  and line.location_id.usage == "internal"
                  for person in (self.env.uid, *(before or {}).get(line.id, ()))}
        known = self.sudo().picking_id.browse({picking for picking, _person in people})
        people -= {(one.id, person.id) for one in known for person in one.med_picker_ids}
        if people:
            self.env.cr.execute(SQL(
                "INSERT INTO med_stock_picking_picker_rel (stock_picking_id, res_users_id) "
                "VALUES %s ON CONFLICT DO NOTHING",
                SQL(", ").join(SQL("(%s, %s)", *one) for one in sorted(people))))
            self.picking_id.invalidate_recordset(["med_picker_ids"], flush=False)

    # ------------------------------------------------------------------ what has to be reviewed

    def _med_checkout_needed(self):
        """Return the lines that leave our own stock for a consignee and have to be reviewed."""
        lines = self.filtered(
            lambda line: line.location_id.usage in ("internal", "transit")
            and line.product_id.med_controlled and line.product_id.med_checkout != "never")
        return self.browse([line.id for line, use in lines._med_uses() if use == "ship"])

    def _med_checkout_second(self):
        """Return whether another person than the picker has to confirm these lines."""
        return any(template._med_checkout_second(company)
                   for company, lines in self.grouped("company_id").items()
                   for template in lines.product_id.product_tmpl_id)

    def _med_checkout_sums(self):
        """Return (product id, lot id or 0) → quantity, in the unit of the product."""
        sums = defaultdict(float)
        for line in self:
            sums[line.product_id.id, line.lot_id.id or 0] += line.quantity_product_uom
        return sums

    def _med_checkout_obstacle(self, review):
        """Return why these lines, all of one delivery, may not go; "" where they may."""
        return obstacle(review.state == "done", self._med_checkout_sums(),
                        review._med_confirmed() if review else {})

    # ------------------------------------------------------------------ the gate

    def _med_check_gate(self):
        result = super()._med_check_gate()
        self._med_check_checkout()
        return result

    def _med_check_checkout(self):
        """Stop deliveries that nobody reviewed, or that are not what was reviewed.

        Compared where stock really moves, with all that the delivery posts, so that nothing that
        is changed, added or taken away after the review goes unseen.
        """
        lines = self.sudo()._med_checkout_needed()
        if not lines:
            return
        reviewed = lines.picking_id.filtered(lambda one: one.med_checkout_ids.state == "done")
        posted = lines
        if reviewed:
            posted |= self.sudo().search([
                ("picking_id", "in", reviewed.ids), ("state", "=", "done"),
                ("product_id.med_controlled", "=", True)])._med_checkout_needed()
        stopped, passed, mode_of = [], [], cache(self.env["med.gate"]._checkout_mode)
        for picking, whole in posted.grouped("picking_id").items():
            found = whole._med_checkout_obstacle(picking.med_checkout_ids) \
                if picking in reviewed else MISSING
            if not found:
                continue
            for line in whole & lines:
                mode = mode_of(line.company_id.id, line.product_id.product_tmpl_id.id,
                               line.move_id._med_warehouse().id)
                (stopped if mode == "enforce" else passed).append((line, found, mode))
        if stopped:
            self._med_stop_checkout(stopped)
        self._med_pass_checkout(passed)

    def _med_stop_checkout(self, stopped):
        line, found, _mode = stopped[0]
        document = line.picking_id.name
        if not document:
            raise UserError(self.env._(
                "%s goes to a consignee by a delivery order only, so that it can be reviewed.",
                line.product_id.display_name))
        if found == MISSING:
            raise UserError(self.env._(
                "%s has no closed check-out review. Open the review, scan what goes, and close "
                "it.", document))
        raise UserError(self.env._(
            "%(document)s is not what was reviewed (%(what)s). Review it again.",
            document=document, what=line.lot_id.name or line.product_id.display_name))

    def _med_pass_checkout(self, passed):
        """List what a gate that is not closed lets through, and say so in the document."""
        sums, first = defaultdict(float), {}
        for line, found, mode in passed:
            if line.lot_id:  # one row for each product of a delivery: a thousand serials are one
                key = line.picking_id, line.product_id, mode
                sums[key] += line.quantity_product_uom
                first.setdefault(key, (line, found))
        self.env["med.gate.event"].sudo().create([{
            "company_id": line.company_id.id, "lot_id": line.lot_id.id, "move_line_id": line.id,
            "picking_id": line.picking_id.id, "warehouse_id": line.move_id._med_warehouse().id,
            "use": "checkout", "states": found, "mode": key[2], "quantity": sums[key],
            "user_id": self.env.uid} for key, (line, found) in first.items()])
        for picking in {line.picking_id for line, _found, mode in passed if mode == "warn"}:
            picking.sudo()._message_log(body=self.env._(
                "Would be stopped once the gate is closed: no check-out review covers it."))
