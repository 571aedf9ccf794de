from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
RELEASE = "med_base.med_base_group_qa_release"


class MedDisposition(models.Model):
    """One signed decision about the status of lots (ISO 13485, 8.2.6 and 8.3.2).

    A thousand serials are one decision. Going live is one as well: the opening status of each lot
    on hand.
    """

    _name = "med.disposition"
    _description = "Decision About Lots"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _med_machine = Machine(
        initial="draft",
        content=("name", "kind", "company_id", "note", "line_ids.lot_id", "line_ids.status_from",
                 "line_ids.status", "line_ids.note"),
        transitions=(
            Transition("release", ("draft",), "done", _lt("Release"),
                       (Signer("released", groups=(RELEASE,)),),
                       required=("line_ids.status",), least=1),
            Transition("reject", ("draft",), "done", _lt("Reject or Keep"),
                       (Signer("rejected", groups=(RELEASE, QUALITY)),),
                       required=("line_ids.status", "note"), least=1),
            Transition("cancel", ("draft",), "cancel", _lt("Cancel"), groups=(RELEASE, QUALITY)),
        ),
        locked=("done", "cancel"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    kind = fields.Selection(
        [("decision", "Decision"), ("opening", "Opening Status")], required=True,
        default="decision", help="The opening status is that of lots on hand when going live.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    note = fields.Text("Grounds", help="What the decision rests on.")
    state = fields.Selection(
        [("draft", "Open"), ("done", "Signed"), ("cancel", "Cancelled")], required=True,
        default="draft", readonly=True, copy=False, tracking=True, index=True)
    line_ids = fields.One2many("med.disposition.line", "disposition_id", "Lots", copy=True)
    line_count = fields.Integer("Number of Lots", compute="_compute_line_count")
    set_status = fields.Selection(
        lambda self: self.env["stock.lot"]._fields["med_status"].selection, string="All Lots",
        store=False, help="Gives every lot of the list this status.")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for disposition in self:
            disposition.line_count = len(disposition.line_ids)

    @api.onchange("set_status")
    def _onchange_set_status(self):
        if self.set_status:
            self.line_ids.status = self.set_status
            self.set_status = False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self.env["ir.sequence"].next_by_code("med.disposition") or "/"
        return super().create(vals_list)

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "cancel":
            return
        lots = self.line_ids.lot_id
        if others := lots.filtered(
                lambda lot: lot.company_id and lot.company_id != self.company_id):
            raise UserError(self.env._(
                "%(lots)s: a lot of another company is decided there.",
                lots=", ".join(others[:5].mapped("name"))))
        self.env.execute_query(SQL(
            "SELECT id FROM stock_lot WHERE id IN %s ORDER BY id FOR UPDATE",
            tuple(lots.ids) or (0,)))
        lots.invalidate_recordset(["med_status", "med_hold_count"], flush=False)
        released = self.line_ids.filtered(lambda line: line.status in ("released", "conditional"))
        if transition.name == "reject" and released:
            raise UserError(self.env._(
                "%(lots)s: who releases signs “Released”.",
                lots=", ".join(released.lot_id[:5].mapped("name"))))
        for line in self.line_ids:
            if line.lot_id.med_status != (line.status_from or False):
                raise UserError(self.env._(
                    "The status of %(lot)s has changed since it was listed: list it again.",
                    lot=line.lot_id.name))
        if held := released.lot_id.filtered("med_hold_count"):
            raise UserError(self.env._(
                "Held: %(lots)s. A lot is released when its holds are lifted.",
                lots=", ".join(held[:5].mapped("name"))))
        now = fields.Datetime.now()
        if old := released.lot_id.filtered(
                lambda lot: lot.expiration_date and lot.expiration_date < now):
            raise UserError(self.env._(
                "Expired: %(lots)s. What has expired is not released.",
                lots=", ".join(old[:5].mapped("name"))))
        if released:
            released._check_release()

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.target != "done":
            return
        for status, lines in self.line_ids.grouped("status").items():
            lines.lot_id._med_set_status(status)

    def action_med_to_zones(self):
        """Make the transfers of what was decided into the zones of its status, and open them."""
        self.check_access("read")
        return self.line_ids.lot_id.action_med_to_zones()
