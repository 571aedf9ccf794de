import hashlib

from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ..tools import checks

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
RELEASE = "med_base.med_base_group_qa_release"
OWN = ("level", "production_frozen", "market_frozen", "trail_digest", "trail_count",
       "trail_user_id", "trail_date")
"""Fields that the release's own steps write, under a permit."""

REMARKS = {"note": "open", "market_note": "production_released"}
"""Field → the one state in which it is written."""

BORN = {"name", "production_id", "product_id", "company_id", "registrant_company_id", "date_done"}
GOODS = ("lot_count", "lots_text", "lots_digest")
HEAD = ("name", "production_id", "product_id", "company_id", "registrant_company_id", *GOODS)


class MedRelease(models.Model):
    """What an order made is released: by the maker, then for the market by the registrant.

    ISO 13485, 8.2.6; China GMP for medical devices: production release (生产放行) by the maker,
    market release (上市放行) by the registrant, by different persons. What the release rests on is
    gathered live until it is signed, and kept as it was then.
    """

    _name = "med.release"
    _description = "Release of an Order"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _med_machine = Machine(
        initial="open",
        content=HEAD,
        transitions=(
            Transition("produce", ("open",), "production_released", _lt("Production Release"),
                       (Signer("released", groups=(RELEASE,)),), least=1,
                       content=(*HEAD, "note", "production_text", "production_digest")),
            Transition("market", ("production_released",), "market_released",
                       _lt("Market Release"),
                       (Signer("market_released", groups=(RELEASE,), differs=("released",),
                               fixed=("released",)),), least=1,
                       content=(*HEAD, "note", "market_note", "production_digest", "market_text",
                                "market_digest")),
            Transition("refuse", ("open", "production_released"), "refused", _lt("Refuse"),
                       (Signer("rejected", groups=(RELEASE, QUALITY)),), required=("grounds",),
                       least=1, content=(*HEAD, "grounds")),
            Transition("reopen", ("production_released", "market_released", "refused"), "open",
                       _lt("Withdraw"), (Signer("approved", groups=(QUALITY,)),), least=1,
                       reason=True, restart=True),
        ),
        locked=("market_released", "refused"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    production_id = fields.Many2one(
        "mrp.production", "Manufacturing Order", required=True, readonly=True, index=True,
        ondelete="restrict")
    product_id = fields.Many2one(related="production_id.product_id", store=True, index=True)
    company_id = fields.Many2one("res.company", "Maker", required=True, readonly=True, index=True)
    registrant_company_id = fields.Many2one(
        "res.company", "Registrant", compute="_compute_registrant", store=True, index=True,
        help="Which of the own companies holds the registration: one of its people signs the "
             "market release.")
    level = fields.Selection(
        [("none", "None"), ("production", "Production Release"),
         ("market", "Production and Market Release")], compute="_compute_level", store=True,
        index=True, help="What the products asked for when the order was posted. It grows with "
        "them while the release is open; less is asked for where quality assurance says so on the "
        "product.")
    state = fields.Selection(
        [("open", "Open"), ("production_released", "Released by the Maker"),
         ("market_released", "Released for the Market"), ("refused", "Refused")],
        required=True, default="open", readonly=True, copy=False, tracking=True, index=True)
    note = fields.Text("Remarks of the Maker")
    market_note = fields.Text("Remarks of the Registrant")
    grounds = fields.Text("Grounds of Refusal", copy=False)
    line_ids = fields.One2many("med.release.line", "release_id", "Lots", readonly=True)
    disposition_ids = fields.One2many("med.disposition", "release_id", "Decisions", readonly=True)
    date_done = fields.Datetime(
        "Order Ended", related="production_id.date_finished", store=True, index=True)

    # what was made
    lot_count = fields.Integer("Number of Lots", compute="_compute_goods")
    lots_text = fields.Char("Lots and Serials", compute="_compute_goods")
    lots_digest = fields.Char(
        "SHA-256 of the Lots", compute="_compute_goods",
        help="Of id, name and quantity of each lot, by id, each followed by a line feed.")

    # what it rests on
    checks = fields.Json(compute="_compute_checks")
    missing_count = fields.Integer("Missing", compute="_compute_checks")
    exception_count = fields.Integer("Exceptions", compute="_compute_checks")
    todo = fields.Char("Still Missing", compute="_compute_checks")
    production_rows = fields.Json(compute="_compute_production_checks")
    production_text = fields.Text("Checks of the Maker", compute="_compute_production_checks")
    production_digest = fields.Char(
        "SHA-256 of the Maker's Checks", compute="_compute_production_checks")
    market_rows = fields.Json(compute="_compute_market_checks")
    market_text = fields.Text("Checks of the Registrant", compute="_compute_market_checks")
    market_digest = fields.Char(
        "SHA-256 of the Registrant's Checks", compute="_compute_market_checks")
    production_frozen = fields.Json(readonly=True, copy=False)
    market_frozen = fields.Json(readonly=True, copy=False)

    # review of the audit trail
    trail_digest = fields.Char("SHA-256 of the Changes", readonly=True, copy=False)
    trail_count = fields.Integer("Changes Reviewed", readonly=True, copy=False)
    trail_user_id = fields.Many2one("res.users", "Reviewed By", readonly=True, copy=False)
    trail_date = fields.Datetime("Reviewed On", readonly=True, copy=False)

    _order_uniq = models.Constraint(
        "UNIQUE (production_id)", "There is a release of this order already.")

    # ------------------------------------------------------------------ computed

    # Registrations say themselves when they change: a path through the packages of a device
    # identifier would be followed without end where somebody enters a circle.
    @api.depends("production_id", "state")
    def _compute_registrant(self):
        for release in self:
            if release.state == "open" or not release.registrant_company_id:
                release.registrant_company_id = release._get_registrant()

    @api.depends("production_id")
    def _compute_level(self):
        for release in self:
            release.level = release.sudo()._med_order_level(release.sudo().production_id)

    @api.depends("production_id", "line_ids")
    def _compute_goods(self):
        for release in self:
            made = release.sudo()._med_made()
            names = [lot.name for lot in made]
            release.lot_count = len(made)
            release.lots_text = ", ".join(names) if len(names) < 6 else (
                f"{names[0]}, {names[1]} … {names[-1]} ({len(names)})")
            release.lots_digest = hashlib.sha256("".join(
                f"{lot.id} {lot.name} {quantity:.6f}\n"
                for lot, quantity in made.items()).encode()).hexdigest()

    # Apart, because the registrant's checks ask whether the maker's signature still holds, which
    # reads the maker's.

    @api.depends("state", "production_frozen", "trail_digest", "line_ids")
    @api.depends_context("lang")
    def _compute_production_checks(self):
        self._med_show_checks("production")

    @api.depends(
        "state", "level", "market_frozen", "trail_digest", "line_ids", "med_signature_ids")
    @api.depends_context("lang")
    def _compute_market_checks(self):
        self._med_show_checks("market")

    def _med_show_checks(self, stage):
        words = self._med_words()
        for release in self:
            rows = release.sudo()._med_rows(stage)
            kept = release.sudo()[f"{stage}_frozen"]
            release[f"{stage}_rows"] = rows
            release[f"{stage}_text"] = checks.text(rows, words)
            release[f"{stage}_digest"] = checks.digest(kept["en_US"] if kept else rows)

    @api.depends("production_rows", "market_rows")
    def _compute_checks(self):
        for release in self:
            shown = checks.sort(release.market_rows or release.production_rows)
            release.checks = shown
            release.missing_count = checks.count(shown, checks.MISSING)
            release.exception_count = checks.count(shown, checks.EXCEPTED)
            release.todo = ", ".join(
                one["label"] for one in shown if one["state"] == checks.MISSING)

    @api.model
    def _med_words(self):
        _ = self.env._
        return {"ok": _("fine"), "note": _("note"), "excepted": _("exception"),
                "missing": _("missing")}

    def _med_rows(self, stage):
        """Return the checks of a stage: as kept once it is signed, else as of now."""
        if kept := self[f"{stage}_frozen"]:
            return kept.get(self.env.lang) or kept["en_US"]
        live = {"production": ("open", "refused"), "market": (
            self.level == "market" and "production_released",)}
        return self._med_checks(stage) if self.state in live[stage] else []

    # ------------------------------------------------------------------ gathering

    def _med_checks(self, stage="production"):
        """Return what a release rests on, as of now; see ``tools/checks.py`` for the rows."""
        self.ensure_one()
        release = self._med_clean()
        return [row for name in self._med_check_names(stage) if (row := getattr(release, name)())]

    def _med_clean(self):
        """Return the release as anybody sees it: nothing of the caller's context but the language.

        What is signed, shown and kept is then the same.
        """
        return self.sudo().with_context({}, lang=self.env.lang, tz="UTC").with_company(
            self.company_id)

    @api.model
    def _med_check_names(self, stage):
        """Return the names of the methods that check, in the order of the page.

        An addon adds its own: each returns a row of ``tools.checks``, or None where it has nothing
        to say.
        """
        first = ["_med_check_produced", "_med_check_registration"] if stage == "market" else []
        return [
            *first, "_med_check_order", "_med_check_goods", "_med_check_materials",
            "_med_check_holds", "_med_check_expiry", "_med_check_labels",
            "_med_check_deviations", "_med_check_people", "_med_check_trail"]

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A release comes about with its order."))
        blank = dict.fromkeys((*OWN, "note", "market_note", "grounds"), False)
        rows = []
        for vals in vals_list:
            order = self.env["mrp.production"].browse(vals["production_id"])
            rows.append({
                # Written out, so that no default of the caller's context gets in.
                **blank, "production_id": order.id, "company_id": order.company_id.id,
                "level": self._med_order_level(order),
                "name": self.env["ir.sequence"].next_by_code("med.release") or "/"})
        return super().create(rows)

    def write(self, vals):
        if BORN & vals.keys() and not self.env.su:
            raise AccessError(self.env._("What a release says of its order is not changed."))
        own = {name: vals[name] for name in OWN if name in vals}
        if own and not take(self._name, self.ids, tuple(sorted(own))):
            raise AccessError(self.env._("What a release rests on is not written: it is gathered."))
        for name, state in REMARKS.items():
            if name in vals and any(release.state != state and (release[name] or "") != (
                    vals[name] or "") for release in self):
                raise UserError(self.env._(
                    "“%(field)s” is signed with the release and is not changed any more.",
                    field=self._fields[name]._description_string(self.env)))
        return super().write(vals)

    def _med_write_own(self, values):
        with permit(self._name, self.ids, tuple(sorted(values))):
            self.sudo().write(values)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Releases are not deleted: refuse them."))

    def copy(self, default=None):
        raise UserError(self.env._("A release is not copied: each order has its own."))

    # ------------------------------------------------------------------ coming about

    @api.model
    def _med_for_orders(self, orders):
        """Return the releases of orders, made where they are asked for and lacking."""
        found = self.sudo().search([("production_id", "in", orders.ids)])
        found._med_keep_level()
        new = (orders - found.production_id).sudo().filtered(
            lambda order: self._med_order_level(order) != "none")
        return found | self.sudo().with_context({}, lang=self.env.lang).create(
            [{"production_id": order.id} for order in new])

    # ------------------------------------------------------------------ what is opened

    def med_sign_preview(self, transition: str = ""):
        self.check_access("read")
        self.sudo()._med_keep_registrant()
        return super().med_sign_preview(transition)

    def action_med_sign(self):
        """Open the dialog of signing at the step that the button names as ``med_step``."""
        action = super().action_med_sign()
        if step := self.env.context.get("med_step"):
            action["params"]["transition"] = step
        return action

    def action_open_order(self):
        """Open the manufacturing order."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "mrp.production",
                "view_mode": "form", "res_id": self.production_id.id}

    def action_open_lots(self):
        """Open what the order made."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "stock.lot", "view_mode": "list,form",
                "name": self.env._("Lots and Serials"),
                "domain": [("id", "in", self.sudo()._med_output_lots().ids)]}

    def action_open_decisions(self):
        """Open the decisions that carried the release out."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.disposition",
                "view_mode": "list,form", "name": self.env._("Decisions"),
                "domain": [("release_id", "=", self.id)]}
