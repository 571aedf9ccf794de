from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .med_nonconformity_line import BASES


class MedNonconformityCandidate(models.Model):
    """A lot that, by genealogy, may share the cause: proposed, then taken or left out, with why."""

    _name = "med.nonconformity.candidate"
    _description = "Lot That May Share the Cause"
    _order = "nonconformity_id desc, id"
    _rec_name = "lot_id"

    nonconformity_id = fields.Many2one(
        "med.nonconformity", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    lot_id = fields.Many2one("stock.lot", required=True, readonly=True, index=True,
                             ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id")
    condition = fields.Char(related="lot_id.med_condition")
    quantity = fields.Float("On Hand", related="lot_id.product_qty")
    basis = fields.Selection(BASES, required=True, readonly=True)
    why = fields.Char("How It Hangs Together", readonly=True)
    state = fields.Selection(
        [("proposed", "Proposed"), ("taken", "Taken"), ("left", "Left Out")], required=True,
        readonly=True, default="proposed", index=True)
    note = fields.Char("Why Left Out", readonly=True)
    decided_by_id = fields.Many2one("res.users", "By", readonly=True)

    _lot_uniq = models.Constraint(
        "UNIQUE (nonconformity_id, lot_id)", "The nonconformity has this lot already.")

    @api.model_create_multi
    def create(self, vals_list):
        self._med_refuse()
        return super().create(vals_list)

    def write(self, vals):
        self._med_refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was proposed stays: take it, or leave it out."))

    def _med_refuse(self):
        if not self.env.su:
            raise AccessError(self.env._(
                "Lots are proposed by genealogy; take them, or leave them out."))

    def take(self):
        """Add these lots to their nonconformity and hold them.

        :return: ``{"version", "held": number of lots}``
        """
        record = self._med_one()
        chosen = self.filtered(lambda one: one.state != "taken").sudo()
        record._med_add(chosen.lot_id, {one.lot_id: one.basis for one in chosen})
        chosen.write({"state": "taken", "note": False, "decided_by_id": self.env.uid})
        return {"version": 1, "held": len(chosen)}

    def leave_out(self, reason: str):
        """Leave these lots out, with why.

        :param reason: one sentence
        :return: ``{"version", "left": number of lots}``
        """
        self._med_one()
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("“reason” must say why, in one sentence."))
        chosen = self.filtered(lambda one: one.state == "proposed").sudo()
        chosen.write({"state": "left", "note": reason.strip(), "decided_by_id": self.env.uid})
        return {"version": 1, "left": len(chosen)}

    def _med_one(self):
        """Return the one open nonconformity of these lots; refuse whom it is not for."""
        self.check_access("read")
        record = self.nonconformity_id
        if len(record) != 1:
            raise UserError(self.env._("Choose lots of one nonconformity."))
        record._med_check_quality()
        record._med_check_undecided()
        return record

    def action_take(self):
        self.take()

    def action_leave_out(self):
        """Ask why, and leave these lots out."""
        title = self.env._("Leave Out")
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": "leave_out", "arguments": {}}}
