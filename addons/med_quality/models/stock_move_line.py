from odoo import api, models
from odoo.exceptions import UserError

from ..tools.status import obstacles, stopping

DECIDES = {"lot_id", "quantity", "location_id", "location_dest_id", "state", "picked"}


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _med_use(self):
        """Return what this line puts its lot to, see `stock.move`."""
        self.ensure_one()
        return self.move_id._med_use(self.location_id, self.location_dest_id)

    def _med_uses(self):
        """Return ``[(line, use)]``, worked out once for each move and pair of places."""
        known, uses = {}, []
        for line in self:
            key = line.move_id, line.location_id, line.location_dest_id
            if key not in known:
                known[key] = line._med_use()
            uses.append((line, known[key]))
        return uses

    def _action_done(self):
        result = super()._action_done()
        self.exists()._med_check_gate()
        return result

    def _med_take_back(self):
        """Put what comes back from a consignee into quarantine, whatever it was (ISO 7.5.8)."""
        back = self.filtered(
            lambda line: line.location_id.usage == "customer" and line.lot_id
            and line.location_dest_id.usage == "internal" and line.product_id.med_controlled)
        parts = back._med_part_back()
        (back - parts).lot_id.filtered(
            lambda lot: lot.med_status in ("released", "conditional"))._med_set_status("quarantine")

    def _med_part_back(self):
        """Give what a consignee refused a number of its own, where more of its lot is here.

        Only the part that comes back is in quarantine then; what never left stays as it was.

        :return: the lines that were split off
        """
        split = self.browse()
        for line in self.filtered(lambda one: one.picking_id.med_proof_id and not one.package_id):
            lot = line.lot_id
            here = sum(quant.quantity for quant in lot.sudo().quant_ids
                       if quant.location_id.usage in ("internal", "transit"))
            if lot.product_id.tracking == "lot" and line.product_uom_id.compare(
                    here, line.quantity_product_uom) > 0:
                part, _repack = lot._med_split(
                    line.quantity_product_uom, line.location_dest_id,
                    self.env._("Refused: %s", line.picking_id.med_proof_id.sudo().name))
                if part.med_status in ("released", "conditional"):
                    part._med_set_status("quarantine")
                split |= line
        return split

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines.filtered(lambda line: line.state == "done")
        done._med_check_gate()
        done._med_take_back()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if DECIDES & vals.keys():
            self.filtered(lambda line: line.state == "done")._med_check_gate()
        return result

    def _med_check_gate(self):
        """Stop what a status or a hold forbids; list what a gate that is not closed lets through.

        Called where stock really moves: lots made from typed names are known here.
        """
        lines = self.with_prefetch().filtered(
            lambda line: line.lot_id and line.product_id.med_controlled)
        wanted = [(line, use) for line, use in lines._med_uses() if use]
        if not wanted:
            return
        states = self.env["stock.lot"]._med_states({line.lot_id.id for line, _use in wanted})
        table, Gate = self.env["med.status.rule"]._forbidden(), self.env["med.gate"]
        stopped, passed = [], []
        for line, use in wanted:
            found = obstacles(states.get(line.lot_id.id, ()), use, table)
            if not found:
                continue
            warehouse = line.move_id._med_warehouse()
            mode = Gate._mode(line.company_id.id, line.product_id.product_tmpl_id.id,
                              warehouse.id, use)
            if hard := stopping(found, mode):
                stopped.append((line, use, hard))
            else:
                passed.append({
                    "company_id": line.company_id.id, "lot_id": line.lot_id.id,
                    "move_line_id": line.id, "picking_id": line.picking_id.id,
                    "warehouse_id": warehouse.id, "use": use, "states": ",".join(found),
                    "mode": mode, "quantity": line.quantity, "user_id": self.env.uid})
        if stopped:
            self._med_stop(stopped)
        if passed:
            self.env["med.gate.event"].sudo().create(passed)
            self._med_warn([one for one in passed if one["mode"] == "warn"])

    def _med_words(self):
        Rule = self.env["med.status.rule"]
        return (dict(Rule._fields["state"]._description_selection(self.env)),
                dict(Rule._fields["use"]._description_selection(self.env)))

    def _med_stop(self, stopped):
        states, uses = self._med_words()
        told = [self.env._(
            "%(lot)s (%(product)s): %(states)s", lot=line.lot_id.name,
            product=line.product_id.display_name,
            states=", ".join(states[state] for state in found))
            for line, _use, found in stopped[:10]]
        if len(stopped) > 10:
            told.append(self.env._("… and %(count)s more", count=len(stopped) - 10))
        raise UserError(self.env._(
            "Not allowed now: %(uses)s.\n\n%(lots)s\n\nTake other lots, or have these released, or "
            "their holds lifted, by quality assurance.",
            uses=", ".join(sorted({uses[use] for _line, use, _found in stopped})),
            lots="\n".join(told)))

    def _med_warn(self, passed):
        """Say in the document what enforcing would have stopped."""
        states, uses = self._med_words()
        Picking = self.env["stock.picking"].sudo()
        for picking in {one["picking_id"] for one in passed} - {False}:
            rows = [one for one in passed if one["picking_id"] == picking]
            Picking.browse(picking).message_post(body=self.env._(
                "Would be stopped once the gate is closed: %(lots)s", lots="; ".join(
                    f"{self.env['stock.lot'].browse(one['lot_id']).name}: {uses[one['use']]}, "
                    + ", ".join(states[state] for state in one["states"].split(","))
                    for one in rows[:10])))
