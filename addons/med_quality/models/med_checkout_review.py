from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

from ..tools.checkout import differences, same_person

_lt = LazyTranslate(__name__)

CHECKERS = tuple(f"med_base.med_base_group_{role}" for role in ("warehouse", "inspector", "qa"))
FIXED = {"name", "picking_id", "company_id", "scan_ids", "picker_ids", "checker_ids",
         "reviewed_by_id", "reviewed_at"}


class MedCheckoutReview(models.Model):
    """The check-out review (出库复核) of one delivery: each lot confirmed by scanning (CN-GSP-5).

    What was scanned are its `med.udi.scan` rows. It is closed, by a step or by a signature, when
    they are exactly what was picked, and the delivery is posted when they are exactly what goes.
    """

    _name = "med.checkout.review"
    _description = "Check-Out Review"
    _inherit = ["med.signable.mixin", "med.scan", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _med_machine = Machine(
        initial="open",
        content=("name", "company_id", "picking_id", "scan_ids.hri", "scan_ids.product_id",
                 "scan_ids.lot_id", "scan_ids.quantity", "scan_ids.user_id", "scan_ids.undone"),
        transitions=(
            Transition("record", ("open",), "done", _lt("Close Review"), groups=CHECKERS),
            Transition("sign", ("open",), "done", _lt("Sign Review"),
                       (Signer("checked", groups=CHECKERS),), least=1),
            Transition("again", ("done",), "open", _lt("Review Again"), groups=CHECKERS,
                       reason=True, restart=True),
        ),
        locked=("done",),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", required=True, readonly=True, index=True, copy=False,
        ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="picking_id.partner_id", string="Consignee")
    state = fields.Selection(
        [("open", "Open"), ("done", "Reviewed")], required=True, default="open", readonly=True,
        copy=False, tracking=True, index=True)
    scan_ids = fields.One2many("med.udi.scan", "checkout_id", "Confirmed by Scanning",
                               readonly=True)
    picker_ids = fields.Many2many(
        "res.users", "med_checkout_review_picker_rel", string="Picked By", readonly=True,
        copy=False, help="Who had picked when the review was closed.")
    checker_ids = fields.Many2many(
        "res.users", "med_checkout_review_checker_rel", string="Confirmed By", readonly=True,
        copy=False)
    reviewed_by_id = fields.Many2one("res.users", "Closed By", readonly=True, copy=False)
    reviewed_at = fields.Datetime("Closed", readonly=True, copy=False)
    second = fields.Boolean(
        "By a Second Person", compute="_compute_left", help="Who picked does not confirm.")
    signed = fields.Boolean(related="company_id.med_checkout_signed")
    left = fields.Char("Still to Confirm", compute="_compute_left")

    _picking_uniq = models.UniqueIndex(
        "(picking_id)", "The delivery has a check-out review already.")

    @api.depends("scan_ids.undone", "scan_ids.quantity", "picking_id.move_line_ids.quantity",
                 "picking_id.move_line_ids.picked")
    def _compute_left(self):
        for review in self:
            wanted = review.picking_id._med_checkout_lines()
            review.second = wanted._med_checkout_second()
            review.left = review._med_told(
                differences(wanted._med_checkout_sums(), review._med_confirmed()))

    @api.model
    def _checkers(self):
        """Return the XML ids of the groups that review."""
        return CHECKERS

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A check-out review is opened from its delivery."))
        number = self.env["ir.sequence"]
        return super().create([{
            # Written out, so that no default of the caller's context gets in.
            **dict.fromkeys(("reviewed_by_id", "reviewed_at"), False), "picker_ids": [],
            "checker_ids": [], "scan_ids": [], **vals,
            "name": number.next_by_code("med.checkout.review") or "/"} for vals in vals_list])

    def write(self, vals):
        if not self.env.su and FIXED & vals.keys():
            raise AccessError(self.env._("A check-out review is made by scanning, not by writing."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Check-out reviews are not deleted: review again."))

    def copy(self, default=None):
        raise UserError(self.env._("A check-out review is not copied: open it from its delivery."))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if self.picking_id.state in ("done", "cancel"):
            raise UserError(self.env._(
                "%s is closed: its review is not changed.", self.picking_id.name))
        if transition.name == "again":
            return
        if transition.name == "record" and self.company_id.med_checkout_signed:
            raise UserError(self.env._("Check-out reviews are signed in this company."))
        lines = self.picking_id._med_checkout_lines()
        if not lines:
            raise UserError(self.env._(
                "%s has nothing to review: pick first.", self.picking_id.name))
        if left := differences(lines._med_checkout_sums(), self._med_confirmed()):
            raise UserError(self.env._("Not confirmed yet: %s.", self._med_told(left)))
        self._med_check_people(
            lines, self._med_live().user_id | self.env.user.browse(self.env.uid))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "again":
            live = self._med_live()
            live.write({"undone": True, "undone_date": fields.Datetime.now(),
                        "undone_uid": self.env.uid})
            self.write({"picker_ids": [fields.Command.clear()], "reviewed_by_id": False,
                        "checker_ids": [fields.Command.clear()], "reviewed_at": False})
            return
        self.write({
            "picker_ids": [fields.Command.set(self.picking_id._med_pickers().ids)],
            "checker_ids": [fields.Command.set(self._med_live().user_id.ids)],
            "reviewed_by_id": self.env.uid, "reviewed_at": fields.Datetime.now()})
        self.picking_id._message_log(body=self.env._(
            "Check-out review %(name)s closed by %(person)s.", name=self.name,
            person=self.env.user.name))

    def _med_check_people(self, lines, checkers):
        """Raise where somebody would check what he picked himself."""
        same = same_person(self.picking_id.sudo()._med_pickers().ids, checkers.ids,
                           lines.sudo()._med_checkout_second())
        if same is None:
            raise UserError(self.env._(
                "%s: nobody is on record as having picked it. Who picked presses Picked first, or "
                "scans it.", self.picking_id.name))
        if same:
            raise UserError(self.env._(
                "%(document)s: %(person)s picked it. Another person confirms it.",
                document=self.picking_id.name,
                person=", ".join(self.env["res.users"].sudo().browse(same).mapped("name"))))

    # ------------------------------------------------------------------ what is confirmed

    def _med_live(self):
        return self.sudo().scan_ids.filtered(lambda scan: not scan.undone)

    def _med_confirmed(self):
        """Return (product id, lot id or 0) → quantity confirmed, in the unit of the product."""
        sums = defaultdict(float)
        for scan in self._med_live():
            sums[scan.product_id.id, scan.lot_id.id or 0] += scan.quantity
        return sums

    def _med_told(self, rows, most=5):
        """Return differences in words: ``LOT-1: 2 of 3``."""
        lots = self.env["stock.lot"].sudo().browse([key[1] for key, *_rest in rows if key[1]])
        names = dict(zip(lots.ids, lots.mapped("name"), strict=True))
        told = [self.env._(
            "%(what)s: %(done)s of %(wanted)s", done=f"{done:g}", wanted=f"{wanted:g}",
            what=names.get(lot) or self.env["product.product"].sudo().browse(product).display_name)
            for (product, lot), wanted, done in rows[:most]]
        if len(rows) > most:
            told.append(self.env._("… and %(count)s more", count=len(rows) - most))
        return "; ".join(told)

    def action_med_scan(self):
        """Open the page on which this review is scanned."""
        return {"type": "ir.actions.client", "tag": "med_scan_action",
                "name": self.env._("Check-Out Review"), "params": {"checkout_id": self.id}}
