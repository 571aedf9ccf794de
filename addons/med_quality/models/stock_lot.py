from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.status import obstacles, told
from .med_status_rule import STATES

STATUSES = STATES[:4]
GUARDED = ("med_status", "med_hold_count")


class StockLot(models.Model):
    _inherit = "stock.lot"

    med_status = fields.Selection(
        STATUSES, string="Status", readonly=True, copy=False, index="btree_not_null",
        help="Of a controlled product: in quarantine from birth until somebody decides.")
    med_hold_count = fields.Integer("Open Holds", readonly=True, copy=False)
    med_hold_line_ids = fields.One2many("med.hold.line", "lot_id", "Holds", readonly=True)
    med_disposition_line_ids = fields.One2many(
        "med.disposition.line", "lot_id", "Decisions", readonly=True)
    med_condition = fields.Char(
        "Condition", compute="_compute_med_condition",
        help="Status, holds and expiry of a controlled lot, as of now.")
    med_blocked = fields.Boolean(
        "Not for Shipment", compute="_compute_med_condition", search="_search_med_blocked")

    # ------------------------------------------------------------------ what is shown

    @api.depends("med_status", "med_hold_count", "expiration_date", "product_id.med_controlled")
    @api.depends_context("lang")
    def _compute_med_condition(self):
        words = dict(self._fields["med_status"]._description_selection(self.env))
        words.update(dict(self.env["med.status.rule"]._fields["state"]._description_selection(
            self.env)))
        table = self.env["med.status.rule"]._forbidden()
        now = fields.Datetime.now()
        for lot in self:
            states = lot._med_told(now) if lot.med_controlled else ()
            lot.med_condition = ", ".join(words[state] for state in states)
            lot.med_blocked = bool(obstacles(states, "ship", table))

    def _med_told(self, now):
        return told(self.med_status, self.med_hold_count,
                    self.expiration_date and self.expiration_date < now)

    @api.model
    def _search_med_blocked(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("product_id.med_controlled", "=", True) & self._med_domain("ship", True)

    @api.model
    def _med_domain(self, use, enforced):
        """Return the domain of lots that may not be put to a use.

        :param enforced: whether more than holds counts
        """
        table = self.env["med.status.rule"]._forbidden()
        domain = Domain("med_hold_count", ">", 0) if use in table["held"] else Domain.FALSE
        if enforced:
            statuses = [state for state, _label in STATUSES if use in table[state]]
            if "quarantine" in statuses:
                statuses.append(False)
            domain |= Domain("med_status", "in", statuses)
            if use in table["expired"]:
                domain |= Domain("expiration_date", "<", fields.Datetime.now())
        return domain

    @api.model
    def _med_states(self, lot_ids):
        """Return ``{lot id: states}`` of the controlled ones, and lock them against decisions.

        A hold that is being placed is waited for: its update makes this transaction begin again.
        """
        self.flush_model(["med_status", "med_hold_count", "expiration_date", "product_id"])
        self.env["product.product"].flush_model(["product_tmpl_id"])
        self.env["product.template"].flush_model(["med_controlled"])
        return {
            lot: told(status, holds, expired)
            for lot, status, holds, expired in self.env.execute_query(SQL("""
                SELECT l.id, l.med_status, l.med_hold_count,
                       l.expiration_date < %s
                  FROM stock_lot l
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                 WHERE l.id IN %s AND t.med_controlled
              ORDER BY l.id FOR SHARE OF l""", fields.Datetime.now(), tuple(lot_ids) or (0,)))
        }

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if any(vals.get(name) for name in GUARDED):
                self._med_refuse_status()
        # Written out, so that no default of the caller's context or of a user gets in.
        lots = super().create([{**vals, **dict.fromkeys(GUARDED, False)} for vals in vals_list])
        lots.filtered("product_id.med_controlled")._med_set_status("quarantine")
        return lots

    def write(self, vals):
        for name in GUARDED:
            if name in vals and not take(self._name, self.ids, (name, vals[name])):
                self._med_refuse_status()
        if "product_id" in vals and any(
                lot.med_status and lot.product_id.id != vals["product_id"] for lot in self):
            raise UserError(self.env._(
                "The product of a lot with a status is not changed: scrap it and receive it anew."))
        return super().write(vals)

    def _med_refuse_status(self):
        raise AccessError(self.env._(
            "The status of a lot is not written: it follows from decisions and holds."))

    def _med_set_status(self, status):
        if self:
            with permit(self._name, self.ids, ("med_status", status)):
                self.sudo().write({"med_status": status})

    # ------------------------------------------------------------------ actions

    def action_med_hold(self):
        """Open a new hold of these lots."""
        return {
            "type": "ir.actions.act_window", "res_model": "med.hold.wizard", "view_mode": "form",
            "target": "new", "name": self.env._("Place a Hold"),
            "context": {"default_lot_ids": self.ids}}

    def action_med_to_zones(self):
        """Make the transfers of these lots into the zones of their status, and open them."""
        self._med_check_splitter()
        self.check_access("read")
        return self.env["med.zone"]._transfer_action(self)

    def action_med_decide(self):
        """Open a new decision about these lots, for the signature."""
        disposition = self.env["med.disposition"].create({
            "line_ids": [fields.Command.create({"lot_id": lot.id}) for lot in self]})
        return {
            "type": "ir.actions.act_window", "res_model": "med.disposition", "view_mode": "form",
            "res_id": disposition.id, "name": self.env._("Decide About Lots")}
