from odoo import fields, models
from odoo.exceptions import UserError

TOLD = ("received", "returned", "present", "destroyed", "corrected", "consumed", "transformed",
        "supplier", "released", "unaccounted")


class MedRecallAccount(models.TransientModel):
    """One line of a recall's balance as it was when it was asked for: a lot with one holder."""

    _name = "med.recall.account"
    _description = "Balance of a Recall"
    _order = "wrong desc, open desc, lot_id, partner_id, id"
    _rec_name = "lot_id"

    recall_id = fields.Many2one("med.recall", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot/Serial", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    partner_id = fields.Many2one("res.partner", "Consignee", readonly=True,
                                 help="Empty: our own stock.")
    holder = fields.Selection([("us", "We"), ("consignee", "Consignee")], "Who", readonly=True)
    received = fields.Float(digits=(20, 6), readonly=True)
    returned = fields.Float(digits=(20, 6), readonly=True)
    present = fields.Float("There Now", digits=(20, 6), readonly=True)
    open = fields.Float("Without a Final State", digits=(20, 6), readonly=True)
    destroyed = fields.Float(digits=(20, 6), readonly=True)
    corrected = fields.Float(digits=(20, 6), readonly=True)
    consumed = fields.Float("Consumed or Implanted", digits=(20, 6), readonly=True)
    transformed = fields.Float("Made Into Other Lots", digits=(20, 6), readonly=True)
    supplier = fields.Float("Returned to the Supplier", digits=(20, 6), readonly=True)
    released = fields.Float("Released Again", digits=(20, 6), readonly=True)
    unaccounted = fields.Float(digits=(20, 6), readonly=True)
    replaced = fields.Float(digits=(20, 6), readonly=True)
    credited = fields.Float(digits=(20, 6), readonly=True)
    wrong = fields.Float(
        "To Be Cleared Up", digits=(20, 6), readonly=True,
        help="Scrapped without a certificate, lost without a reason, recorded twice, or not "
             "explained by any posting.")

    def _med_fill(self, recall):
        """Return the lines of a recall, as its balance is now."""
        accounts, given = recall._med_accounts()
        lots = {lot.id: lot for lot in self.env["stock.lot"].sudo().browse(accounts)}
        rows = []
        for lot, account in accounts.items():
            head = {"recall_id": recall.id, "lot_id": lot, "product_id": lots[lot].product_id.id,
                    "uom_id": lots[lot].product_uom_id.id}
            there = {name: sum(party.states[key] for party in account.parties.values())
                     for name, key in (("destroyed", "destroyed"), ("corrected", "corrected"),
                                       ("unaccounted", "lost"))}
            own = {name: float(account.states[name] - there.get(name, 0)) for name in TOLD
                   if name in account.states}
            rows.append({
                **head, **own, "holder": "us", "consumed": 0.0,
                "present": float(account.states["still_here"]),
                "open": float(account.states["still_here"]),
                "wrong": float(account.excess + account.unproven + account.unexplained
                               + abs(account.difference))})
            rows += [{
                **head, "holder": "consignee", "partner_id": partner or False,
                "received": float(party.received), "returned": float(party.returned),
                "present": float(party.has), "open": float(party.open),
                "destroyed": float(party.states["destroyed"]),
                "corrected": float(party.states["corrected"]),
                "consumed": float(party.states["consumed"]),
                "unaccounted": float(party.states["lost"]),
                **{name: float(value) for name, value in given[lot][partner].items()},
            } for partner, party in account.parties.items()]
        return self.sudo().create(rows).sudo(False)

    def action_settle(self):
        """Ask what became of the units of these lines."""
        if len(self.recall_id) != 1:
            raise UserError(self.env._("Choose lines of one recall."))
        return {"type": "ir.actions.act_window", "res_model": "med.recall.account.settle",
                "name": self.env._("What Became of It"), "view_mode": "form", "target": "new",
                "context": {"default_account_ids": self.ids,
                            "default_holder": self.holder if len(
                                set(self.mapped("holder"))) == 1 else False,
                            "default_quantity": self.open if len(self) == 1 else 0}}


class MedRecall(models.Model):
    _inherit = "med.recall"

    def action_balance(self):
        """Open the balance: what has no final state first."""
        self.check_access("read")
        lines = self.env["med.recall.account"]._med_fill(self)
        return {**self.env["ir.actions.actions"]._for_xml_id(
            "med_recall_return.med_recall_account_action"),
            "name": self.env._("Balance of %s", self.name), "domain": [("id", "in", lines.ids)]}
