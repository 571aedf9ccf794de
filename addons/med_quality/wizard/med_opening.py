from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import clean_context

CHOICES = [("released", "Released"), ("conditional", "Conditionally Released"),
           ("quarantine", "Quarantine"), ("decide", "Decide each lot")]


class MedOpening(models.TransientModel):
    """Going live: each lot on hand gets its opening status, all under one signature."""

    _name = "med.opening"
    _description = "Opening Status"

    company_id = fields.Many2one("res.company", required=True, readonly=True,
                                 default=lambda self: self.env.company)
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", domain=[("med_controlled", "=", True)],
        help="Empty: every controlled product.")
    everywhere = fields.Boolean(
        "Also What Is Not on Hand", help="Lots that were used up or delivered long ago too.")
    status = fields.Selection(
        CHOICES, "Status of Good Lots", required=True, default="released",
        help="Expired and held lots are proposed for quarantine in any case.")
    note = fields.Text("Grounds", help="What the decision rests on. It is signed.")
    lot_count = fields.Integer("Lots", compute="_compute_lots")
    aside_count = fields.Integer("Of These Expired or Held", compute="_compute_lots")

    @api.depends("product_tmpl_ids", "everywhere")
    def _compute_lots(self):
        for wizard in self:
            lots = wizard._get_lots()
            wizard.lot_count = len(lots)
            wizard.aside_count = len(wizard._get_aside(lots))

    def _get_lots(self):
        """Return the lots without a status, in this company and on hand if only these count."""
        domain = [("med_status", "=", False), ("product_id.med_controlled", "=", True),
                  ("company_id", "in", [self.company_id.id, False])]
        if self.product_tmpl_ids:
            domain.append(("product_id.product_tmpl_id", "in", self.product_tmpl_ids.ids))
        if not self.everywhere:
            domain.append(("quant_ids", "any", [
                ("location_id.usage", "in", ("internal", "transit")), ("quantity", ">", 0),
                ("company_id", "=", self.company_id.id)]))
        return self.env["stock.lot"].search(domain)

    def _get_aside(self, lots):
        now = fields.Datetime.now()
        return lots.filtered(lambda lot: lot.med_hold_count or (
            lot.expiration_date and lot.expiration_date < now))

    def action_list(self):
        """List the lots in one decision, to be read, changed and signed."""
        lots = self._get_lots()
        if not lots:
            raise UserError(self.env._("Every lot has a status already."))
        aside = self._get_aside(lots)
        status = False if self.status == "decide" else self.status
        decision = self.env["med.disposition"].with_context(
            clean_context(self.env.context)).create({
            "kind": "opening", "company_id": self.company_id.id, "note": self.note,
            "line_ids": [Command.create({
                "lot_id": lot.id, "status": "quarantine" if lot in aside else status})
                for lot in lots]})
        return {
            "type": "ir.actions.act_window", "res_model": "med.disposition", "view_mode": "form",
            "res_id": decision.id, "name": self.env._("Opening Status")}
