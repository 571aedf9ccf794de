from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

from .med_change import REGULATORY

VERSION = 1
RESULTS = {"state": "pending", "date": False, "reference": False, "user_id": False}


class MedChangeMarket(models.Model):
    """Whether a market's authority has to approve a change, and whether it has.

    Until it has, lots of the new version are not delivered there; other markets get them.
    """

    _name = "med.change.market"
    _description = "Change on a Market"
    _order = "change_id desc, jurisdiction_id"
    _rec_name = "jurisdiction_id"

    change_id = fields.Many2one("med.change", "Change", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    jurisdiction_id = fields.Many2one("med.jurisdiction", "Market", required=True, index=True,
                                      ondelete="restrict")
    needed = fields.Selection(
        [("no", "Not Needed"), ("yes", "Needed")], "Approval", help=(
            "Whether the authority approves or is notified before lots of the new version go "
            "there."))
    basis = fields.Char("Why", help="The rule by which it is needed, or not.")
    state = fields.Selection(
        [("pending", "Pending"), ("approved", "Approved"), ("refused", "Refused")],
        "Decision", required=True, default="pending", readonly=True, copy=False, index=True)
    date = fields.Date("Decided On", readonly=True, copy=False)
    reference = fields.Char(readonly=True, copy=False)
    user_id = fields.Many2one("res.users", "Entered By", readonly=True, copy=False)
    case_state = fields.Selection(related="change_id.state", string="Change State")

    _uniq = models.Constraint("UNIQUE (change_id, jurisdiction_id)",
                              "The change names this market already.")

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        rows = super().create([{"needed": False, **vals, **RESULTS} for vals in vals_list])
        rows._check_open()
        return rows

    def write(self, vals):
        names = tuple(sorted(RESULTS.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._(
                "What the authority decided is entered by “Approved” or “Refused”."))
        if {"change_id", "jurisdiction_id", "company_id"} & vals.keys():
            raise UserError(self.env._("A market stays with its change."))
        if not names:
            self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open(self):
        self._check_open()

    def _check_open(self):
        self.change_id._med_check_mine()
        if late := self.change_id.filtered(lambda one: one.state not in ("draft", "emergency")):
            raise UserError(self.env._(
                "%s is assessed. Choose “Assess Anew” to change that.", late[0].name))

    def decide(self, approved: bool, reference: str, date: str = ""):
        """Enter what the authority of each of these markets decided.

        :param approved: whether it approved, or took note
        :param reference: number of its letter or certificate
        :param date: of the decision, ISO 8601; empty: today
        :return: ``{"version", "states": {"<id>": state}}``
        """
        self.check_access("read")
        if not self.env.user.has_group(REGULATORY):
            raise AccessError(self.env._("Decisions of authorities are entered by regulatory "
                                         "affairs."))
        if not isinstance(approved, bool):
            raise UserError(self.env._("“approved” must be true or false."))
        if not isinstance(reference, str) or not reference.strip():
            raise UserError(self.env._("“%(field)s” must say so in one sentence.",
                                       field="reference"))
        try:
            day = fields.Date.to_date(date) if date else fields.Date.context_today(self)
        except (ValueError, TypeError) as error:
            raise UserError(self.env._("“date” must be a date like 2026-11-22.")) from error
        self.change_id._med_lock()
        values = {"state": "approved" if approved else "refused", "date": day,
                  "reference": reference.strip(), "user_id": self.env.uid}
        with permit(self._name, self.ids, tuple(sorted(values))):
            self.sudo().write(values)
        for row in self:
            row.change_id._med_note(self.env._(
                "%(market)s: %(state)s, %(reference)s", market=row.jurisdiction_id.code,
                state=dict(self._fields["state"]._description_selection(self.env))[row.state],
                reference=row.reference))
        return {"version": VERSION, "states": {str(row.id): row.state for row in self}}

    def approve_by(self, reason: str):
        """Enter an approval of today, as the dialog does that asks for one text.

        :param reason: number of the letter or certificate
        :return: as :meth:`decide`
        """
        return self.decide(True, reason)

    def refuse_by(self, reason: str):
        """Enter a refusal of today, as the dialog does that asks for one text.

        :param reason: number of the letter
        :return: as :meth:`decide`
        """
        return self.decide(False, reason)

    def action_approved(self):
        """Ask for the number of the approval, and enter it."""
        return self._ask(self.env._("Number of the Approval"), "approve_by")

    def action_refused(self):
        """Ask for the number of the letter, and enter the refusal."""
        return self._ask(self.env._("Number of the Refusal"), "refuse_by")

    def _ask(self, title, method):
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": method, "arguments": {}}}


class MedChange(models.Model):
    _inherit = "med.change"

    def _med_ask_markets(self):
        """List the markets of the products' device identifiers, of which nobody said yet."""
        markets = self.product_tmpl_ids.product_variant_ids.sudo().med_di_ids.filtered(
            lambda di: di.state != "retired").market_ids - self.market_ids.jurisdiction_id
        if markets:
            self.env["med.change.market"].with_context(
                clean_context(self.env.context)).sudo().create([
                    {"change_id": self.id, "jurisdiction_id": market.id} for market in markets])


class MedProductVersion(models.Model):
    _inherit = "med.product.version"

    def _med_pending_markets(self):
        """Return (change, market) of what this version holds and a market has not approved.

        Each version holds the changes of those before it.
        """
        self.ensure_one()
        before = self.product_tmpl_id.sudo().med_version_ids.filtered(
            lambda one: one.number <= self.number)
        return [(row.change_id, row.jurisdiction_id) for row in before.change_id.market_ids
                if row.needed == "yes" and row.state != "approved"]
