from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context
from odoo.tools.translate import LazyTranslate

from .med_recall_settle import SETTLERS

_lt = LazyTranslate(__name__)

METHODS = [
    ("incineration", "Incineration"), ("shredding", "Shredding"), ("deforming", "Deforming"),
    ("chemical", "Chemical Treatment"), ("autoclave", "Autoclaving and Landfill"),
    ("other", "Other"),
]
SAID = ("name", "recall_id", "date", "method", "method_note", "place", "contractor_id",
        "contractor_reference",
        "line_ids.lot_id", "line_ids.quantity", "line_ids.location_id")


class MedRecallDestruction(models.Model):
    """Destroying recalled units: signed by who did it and by who saw it, with a certificate."""

    _name = "med.recall.destruction"
    _description = "Destruction of Recalled Units"
    _inherit = ["med.recall.paper.mixin", "med.signable.mixin", "mail.thread",
                "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=SAID,
        transitions=(
            Transition("destroy", ("draft",), "done", _lt("Destroy"),
                       (Signer("performed", groups=SETTLERS),
                        Signer("witnessed", differs=("performed",), fixed=("performed",))),
                       required=("date", "method", "place", "line_ids.lot_id",
                                 "line_ids.quantity"), least=2, beside=True),
            Transition("cancel", ("draft",), "cancelled", _lt("Cancel"), groups=SETTLERS),
        ),
        locked=("done", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict",
                                domain="[('state', '=', 'decided')]")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    drill = fields.Boolean(related="recall_id.drill")
    date = fields.Datetime("When", default=fields.Datetime.now, tracking=True)
    method = fields.Selection(METHODS, tracking=True)
    method_note = fields.Text("How Exactly")
    place = fields.Char(tracking=True, help="Where it was done.")
    contractor_id = fields.Many2one("res.partner", "By Contractor", ondelete="restrict")
    contractor_reference = fields.Char("His Certificate")
    line_ids = fields.One2many("med.recall.destruction.line", "destruction_id", "Units")
    scrap_ids = fields.One2many("stock.scrap", "med_destruction_id", "Scrap Orders", readonly=True)
    outcome_ids = fields.One2many("med.recall.outcome", "destruction_id", "Outcomes",
                                  readonly=True)
    state = fields.Selection(
        [("draft", "Being Prepared"), ("done", "Destroyed"), ("cancelled", "Cancelled")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        for recall in self.env["med.recall"].browse([vals.get("recall_id") for vals in vals_list]):
            recall.check_access("read")
            recall._med_check_settler()
            recall._med_check_running()
        number = self.env["ir.sequence"]
        rows = super().create([{
            "line_ids": [], "method_note": False, "contractor_id": False, "attachment_ids": [],
            "contractor_reference": False, **vals, "scrap_ids": [], "outcome_ids": [],
            "name": number.next_by_code(self._name) or "/"} for vals in vals_list])
        for row in rows:
            row._med_take_papers(row.sudo().attachment_ids)
        return rows

    def write(self, vals):
        if vals.keys() & {"name", "scrap_ids", "outcome_ids"} or (
                "recall_id" in vals and any(
                    one.recall_id.id != vals["recall_id"] for one in self)):
            raise AccessError(self.env._("A destruction belongs to its recall from the start."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Destructions are not deleted: cancel them."))

    def copy(self, default=None):
        raise UserError(self.env._("A destruction is not copied: prepare a new one."))

    def _med_papers_stay(self):
        return self.state != "draft"

    # ------------------------------------------------------------------ lines

    def action_fill(self):
        """Add everything of this recall that is here and has no final state."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("%s is closed.", self.name))
        accounts, _given = self.recall_id._med_accounts()
        left = {lot: account.states["still_here"] for lot, account in accounts.items()
                if account.states["still_here"] > 0}
        quants = self.env["stock.quant"].sudo().search([
            ("lot_id", "in", list(left)), ("location_id.usage", "=", "internal"),
            ("company_id", "=", self.company_id.id), ("quantity", ">", 0)], order="lot_id, id")
        rows = []
        for quant in quants:
            take = min(float(left[quant.lot_id.id]), quant.quantity)
            if take > 0:
                left[quant.lot_id.id] -= self.recall_id._med_quantity(take)
                rows.append({"lot_id": quant.lot_id.id, "location_id": quant.location_id.id,
                             "quantity": take})
        self.line_ids.unlink()
        self.line_ids = [fields.Command.create(row) for row in rows]
        return True

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "destroy":
            self.recall_id._med_check_running()
            if self.date > fields.Datetime.now():
                raise UserError(self.env._("“When” is in the future."))
            if any(line.quantity <= 0 for line in self.line_ids):
                raise UserError(self.env._("A quantity must be a number above 0."))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name != "destroy":
            return
        recall = self.recall_id
        if not recall._med_simulated():
            self._med_scrap()
        sums = {}
        for line in self.line_ids:
            sums[line.lot_id.id] = sums.get(line.lot_id.id, 0) + recall._med_quantity(line.quantity)
        recall._med_write_outcomes(
            [{"lot": lot, "quantity": quantity, "kind": "destroyed"}
             for lot, quantity in sums.items()], self.name, destruction_id=self.id)

    def _med_scrap(self):
        """Take the units out of stock; the signatures stand for the hold's lifting."""
        Scrap = self.env["stock.scrap"].sudo().with_context(
            clean_context(self.env.context)).with_company(self.company_id)
        for line in self.line_ids:
            if line._med_on_hand() < line.quantity:
                raise UserError(self.env._(
                    "%(lot)s: %(quantity)s are not in %(place)s.", lot=line.lot_id.name,
                    quantity=f"{line.quantity:g}", place=line.location_id.display_name))
            with permit(Scrap._name, (), ("destruction", self.id)):
                scrap = Scrap.create({
                    "product_id": line.product_id.id, "lot_id": line.lot_id.id,
                    "scrap_qty": line.quantity, "product_uom_id": line.product_id.uom_id.id,
                    "location_id": line.location_id.id, "company_id": self.company_id.id,
                    "origin": self.name, "med_destruction_id": self.id})
            scrap.do_scrap()
            self.env.flush_all()
            self.env["stock.quant"].invalidate_model(flush=False)
