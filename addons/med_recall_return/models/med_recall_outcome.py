from decimal import Decimal

from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.fields import Command

VERSION = 1
KINDS = [
    ("destroyed", "Destroyed"), ("corrected_field", "Corrected in the Field"),
    ("corrected_here", "Corrected Here"), ("consumed", "Consumed or Implanted"),
    ("released", "Released Again"), ("lost", "Lost"), ("passed_on", "Handed On"),
    ("replaced", "Replaced"), ("credited", "Credited"),
]
SETTLED_WITH_HIM = ("replaced", "credited")
"""What a consignee got for a unit: no state of the unit itself."""


class MedRecallOutcome(models.Model):
    """What became of units of a recalled lot: written once, corrected by another row."""

    _name = "med.recall.outcome"
    _description = "Outcome of Recalled Units"
    _inherit = ["med.stepped.mixin", "med.recall.paper.mixin", "med.recall.row.mixin"]
    _order = "id desc"
    _rec_name = "lot_id"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", required=True, index=True,
                             ondelete="restrict")
    product_id = fields.Many2one(related="lot_id.product_id", store=True, index=True)
    uom_id = fields.Many2one(related="lot_id.product_uom_id")
    partner_id = fields.Many2one("res.partner", "Consignee", index=True, ondelete="restrict",
                                 help="Empty: it was in our own stock.")
    to_partner_id = fields.Many2one("res.partner", "Handed On To", ondelete="restrict")
    quantity = fields.Float(digits=(20, 6), required=True, help="In the unit of the product.")
    kind = fields.Selection(KINDS, "What Became of It", required=True, index=True)
    evidence = fields.Text(required=True, help="How that is known: certificate, report, order.")
    user_id = fields.Many2one("res.users", "Recorded By", required=True, index=True,
                              ondelete="restrict")
    recorded_at = fields.Datetime("Recorded", required=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", index="btree_not_null",
                                 ondelete="restrict")
    destruction_id = fields.Many2one("med.recall.destruction", index="btree_not_null",
                                     ondelete="restrict")
    superseded = fields.Boolean(index=True)
    replaces_id = fields.Many2one("med.recall.outcome", "Corrects", index="btree_not_null",
                                  ondelete="restrict")
    reason = fields.Char("Reason of the Correction")

    def write(self, vals):
        if vals.keys() == {"attachment_ids"}:  # added by a person; the mixin says which
            with permit(self._name, self.ids, ("attachment_ids",)):
                return super().write(vals)
        return super().write(vals)

    def correct(self, reason: str, quantity: float = 0.0):
        """Put another quantity in the place of this outcome; 0 takes it back.

        :param reason: why, in one sentence
        :return: ``{"version", "outcome" (id of the new row, or 0)}``
        """
        self.ensure_one()
        self.recall_id._med_check_settler()
        self.check_access("read")
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("“reason” must say why, in one sentence."))
        if self.superseded:
            raise UserError(self.env._("This outcome was corrected before."))
        if self.destruction_id:
            raise UserError(self.env._("What a certificate says is not corrected."))
        recall = self.recall_id
        amount = recall._med_quantity(quantity, zero=True)
        self._med_store({"superseded": True, "reason": reason.strip()})
        new = self.browse()
        if amount:
            new = recall._med_write_outcomes([{
                "lot": self.lot_id.id, "consignee": self.partner_id.id, "quantity": amount,
                "kind": self.kind, "to": self.to_partner_id.id}], self.evidence,
                picking_id=self.picking_id.id, replaces_id=self.id,
                attachment_ids=[Command.set(self.sudo().attachment_ids.ids)])
        # What may not leave any more stands still again.
        lot = self.lot_id.sudo()
        if not recall._med_simulated() and not recall.sudo()._med_may_leave(lot):
            recall._med_hold_back(lot)
        recall._message_log(body=self.env._(
            "%(lot)s, %(kind)s: %(old)s became %(new)s: %(reason)s", lot=self.lot_id.name,
            kind=dict(self._fields["kind"]._description_selection(self.env))[self.kind],
            old=f"{self.quantity:g}", new=f"{amount.normalize() or Decimal(0):f}",
            reason=reason.strip()))
        return {"version": VERSION, "outcome": new.id or 0}
