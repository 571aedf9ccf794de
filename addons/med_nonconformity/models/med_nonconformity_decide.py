from odoo import models
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.exceptions import UserError
from odoo.tools import SQL

from .med_nonconformity_line import CONCEDED, INSTRUCTED, KEPT


class MedNonconformity(models.Model):
    """What is checked and what follows when the lots are decided about, and when it is closed."""

    _inherit = "med.nonconformity"

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "decide":
            self._med_check_decide()
        elif transition.name == "close":
            self._med_check_close()

    def _med_check_decide(self):
        lines = self.line_ids
        if not lines:
            return
        self.env.execute_query(SQL(
            "SELECT id FROM stock_lot WHERE id IN %s ORDER BY id FOR UPDATE",
            tuple(lines.lot_id.ids)))
        lines.lot_id.invalidate_recordset(["med_status", "med_hold_count"], flush=False)
        if waiting := self.candidate_ids.filtered(lambda one: one.state == "proposed"):
            raise UserError(self.env._(
                "%(lots)s may share the cause: take them, or leave them out.",
                lots=", ".join(waiting[:5].lot_id.mapped("name"))))
        self._med_check_quantities()
        if lines.filtered("gone") and not (self.gone_action or "").strip():
            raise UserError(self.env._(
                "%(lots)s: some of it is with consignees. Enter what is done about it.",
                lots=", ".join(lines.filtered("gone")[:5].lot_id.mapped("name"))))
        for line in lines:
            line._med_check_decision()

    def _med_check_quantities(self):
        """Refuse unless genealogy and stock agree, and say what the lines say."""
        told = {row["lot_id"]: row for row in self.line_ids.lot_id.med_balance()["lots"]}
        for line in self.line_ids:
            if not told[line.lot_id.id]["balanced"]:
                raise UserError(self.env._(
                    "%(lot)s: genealogy and stock differ by %(difference)s %(unit)s. Settle it "
                    "first.", lot=line.lot_id.name, difference=told[line.lot_id.id]["difference"],
                    unit=line.uom_id.name))
            if line.uom_id.compare(line.on_hand, line.quantity):
                raise UserError(self.env._(
                    "%(lot)s: %(now)s %(unit)s are in stock, and %(then)s were read. Choose “Read "
                    "Stock”.", lot=line.lot_id.name, now=f"{line.on_hand:g}",
                    then=f"{line.quantity:g}", unit=line.uom_id.name))

    def _med_check_close(self):
        if left := self.line_ids.filtered(lambda line: not line.done and (
                line.quantity or line.on_hand)):
            line = left[0]
            raise UserError(self.env._(
                "%(lot)s: %(decision)s is not done: %(posted)s of %(quantity)s %(unit)s, and "
                "%(here)s are in stock.", lot=line.lot_id.name,
                decision=dict(line._fields["decision"]._description_selection(self.env)).get(
                    line.decision, ""),
                posted=f"{line.posted:g}", quantity=f"{line.quantity:g}", unit=line.uom_id.name,
                here=f"{line.on_hand:g}"))
        if hold := self.sudo()._med_holds()[:1]:
            raise UserError(self.env._(
                "%(hold)s still holds %(lots)s: decide about these lots too, or lift it.",
                hold=hold.name, lots=", ".join(hold.line_ids.lot_id[:5].mapped("name"))))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "decide":
            self.line_ids._med_follow_decision()
            self._med_settle_holds()
        elif transition.name == "revise":
            self._med_hold_again()
        elif transition.name == "cancel":
            self._med_settle_holds()
        if transition.target in ("closed", "cancelled"):
            self.activity_ids.unlink()

    def _med_settle_holds(self):
        """Lift what this record held, where it decided about every lot of a hold."""
        lots = self.line_ids.lot_id
        for hold in self.sudo()._med_holds().filtered(lambda one: one.line_ids.lot_id <= lots):
            hold.conclusion = self.env._("Decided by %s", self.name)
            leave(hold, "settle", self.name)

    def _med_hold_again(self):
        """Hold what is not done, and take back what is not posted or used."""
        for concession in self.line_ids.concession_id:
            concession._med_give_back(self)
        moves = self.line_ids.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        orders = moves.raw_material_production_id
        orders.action_cancel()
        (moves - orders.move_raw_ids)._action_cancel()
        if lots := self.line_ids.filtered("on_hand").lot_id:
            self.env["med.hold"]._place(
                lots, self.env._("%(name)s: decided anew", name=self.name), "nonconformity",
                self, self.owner_id or self.env.user)

    def _med_reopen_changed(self):
        decided = self.filtered(lambda one: one.state == "decided")
        super()._med_reopen_changed()
        for record in decided.sudo().filtered(lambda one: one.state != "decided"):
            record._med_hold_again()

    def action_read_stock(self):
        """Write down again how much of each lot is in stock."""
        self.check_access("write")
        self._med_check_undecided()
        self.line_ids.sudo()._med_read()
        return True

    def action_make_documents(self):
        """Make the scrap orders, returns, rework orders and regradings that were decided."""
        self.check_access("write")
        self._med_check_quality()
        if any(record.state != "decided" for record in self):
            raise UserError(self.env._("Documents are made of what was decided."))
        self.sudo().line_ids._med_make_documents()
        return True

    def action_holds(self):
        """Open the holds that this record has placed or taken over."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "med.hold", "view_mode": "list,form",
                "name": self.env._("Holds"), "domain": [("id", "in", self.sudo()._med_holds().ids)]}

    def action_documents(self):
        """Open the transfers and orders of this record."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": "stock.move", "view_mode": "list,form",
            "name": self.env._("Documents"),
            "domain": [("med_nonconformity_line_id", "in", self.line_ids.ids)],
            "context": {"create": False}}


class MedNonconformityLine(models.Model):
    _inherit = "med.nonconformity.line"

    def _med_read(self):
        here = self._med_in_stock()
        for line in self:
            line.quantity = here.get(line.id, 0.0)

    def _med_check_decision(self):
        """Refuse a lot whose decision lacks what it needs."""
        lot = self.lot_id.name
        if not self.decision:
            if self.quantity:
                raise UserError(self.env._("%s: decide what becomes of it.", lot))
            return
        if self.decision == "conforms":
            self._med_check_conforms()
        if self.decision in INSTRUCTED and not (self.instruction or "").strip():
            raise UserError(self.env._("%s: name the approved instruction.", lot))
        if self.decision == "regrade" and not self.product_to_id:
            raise UserError(self.env._("%s: name the product that it becomes.", lot))
        if self.decision in CONCEDED:
            if not self.concession_id:
                raise UserError(self.env._("%s: name the concession that allows it.", lot))
            if self.concession_id.kind != "concession" or (
                    self.concession_id.company_id != self.company_id):
                raise UserError(self.env._(
                    "%(lot)s: %(deviation)s is no concession of this company.", lot=lot,
                    deviation=self.concession_id.name))
            if why := self.concession_id._med_covers(
                    self.product_id, self.lot_id, self.quantity, conceding=True):
                raise UserError(self.env._("%(lot)s: %(why)s", lot=lot, why=why))

    def _med_check_conforms(self):
        """Refuse unless the lot was inspected since this was reported, and nothing stands."""
        origins = self.lot_id._med_origins()
        again = self.env["med.inspection"].sudo().search([
            ("lot_ids", "in", [self.lot_id.id, *(
                source for rows in origins.values() for source, _date in rows)]),
            ("state", "=", "accepted"), ("decided_at", ">=", self.nonconformity_id.reported_at)])
        standing = self.lot_id._med_inspection_obstacles()
        if standing or not any(_is_inspected(self.lot_id.id, one, origins) for one in again):
            raise UserError(self.env._(
                "%(lot)s was not inspected again and accepted since this was reported.%(more)s",
                lot=self.lot_id.name, more="".join(f"\n{text}" for text in standing)))

    def _med_follow_decision(self):
        """Book concessions, and reject what is not used as it is."""
        for line in self.filtered(lambda one: one.decision in CONCEDED and one.quantity):
            line.concession_id._med_consume(
                line.nonconformity_id, [(line.product_id, line.lot_id, line.quantity)])
        self.filtered(lambda one: one.decision and one.decision not in KEPT).lot_id.filtered(
            lambda lot: lot.med_status != "rejected")._med_set_status("rejected")


def _is_inspected(lot, inspection, origins, seen=()):
    """Return whether all of a lot is of what was inspected: no part that left it before."""
    return lot in inspection.lot_ids.ids or bool(origins.get(lot)) and all(
        source not in seen and date >= inspection.decided_at
        and _is_inspected(source, inspection, origins, (*seen, lot))
        for source, date in origins[lot])
