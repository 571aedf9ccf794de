from collections import defaultdict
from decimal import Decimal, InvalidOperation

from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Transition
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import clean_context
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

RECORDERS = tuple(f"med_base.med_base_group_{role}" for role in ("warehouse", "qa"))
QUALITY = "med_base.med_base_group_qa"
QUANTITIES = ("received", "refused")
MOST = 1e9
FIXED = {"name", "picking_id", "company_id", "return_id", "recorded_by_id", "recorded_at",
         "outcome", "partner_id"}


class MedDeliveryProof(models.Model):
    """What a consignee received and what he refused (签收与拒收), with time, person and reason.

    What is refused comes back by a return that is made at once; see `_med_part_back`.
    """

    _name = "med.delivery.proof"
    _description = "Proof of Delivery"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _med_machine = Machine(
        initial="draft",
        content=("name", "company_id", "picking_id", "event_time", "person", "temperature", "photo",
                 "note", "line_ids.lot_id", "line_ids.delivered", "line_ids.received",
                 "line_ids.refused", "line_ids.reason", "line_ids.note"),
        transitions=(
            Transition("record", ("draft",), "recorded", _lt("Record"), groups=RECORDERS,
                       required=("event_time", "person", "line_ids")),
            Transition("void", ("recorded",), "void", _lt("Void"), groups=(QUALITY,), reason=True),
        ),
        locked=("recorded", "void"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", required=True, readonly=True, index=True, copy=False,
        ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="picking_id.partner_id", string="Consignee", store=True)
    event_time = fields.Datetime("Received or Refused", copy=False)
    person = fields.Char("By (Person)", copy=False, help="Who took or refused the goods there.")
    temperature = fields.Char(
        "Temperature (°C)", copy=False, help="Read on arrival, as the logger or label shows it.")
    photo = fields.Image(max_width=1920, max_height=1920, copy=False,
                         help="Of the signed delivery list, or of the damage.")
    note = fields.Text(copy=False)
    state = fields.Selection(
        [("draft", "Open"), ("recorded", "Recorded"), ("void", "Void")], required=True,
        default="draft", readonly=True, copy=False, tracking=True, index=True)
    outcome = fields.Selection(
        [("received", "Received"), ("partly", "Partly refused or missing"),
         ("refused", "Refused")], compute="_compute_outcome", store=True)
    line_ids = fields.One2many("med.delivery.proof.line", "proof_id", "Goods", copy=False)
    return_id = fields.Many2one(
        "stock.picking", "Return", readonly=True, copy=False, ondelete="restrict",
        index="btree_not_null")
    recorded_by_id = fields.Many2one("res.users", "Recorded By", readonly=True, copy=False)
    recorded_at = fields.Datetime("Recorded", readonly=True, copy=False)

    _picking_uniq = models.UniqueIndex(
        "(picking_id) WHERE state != 'void'", "The delivery has a proof already.")

    @api.depends("line_ids.received", "line_ids.delivered")
    def _compute_outcome(self):
        for proof in self:
            short = any(
                line.uom_id.compare(line.received, line.delivered) for line in proof.line_ids)
            proof.outcome = "received" if not short else (
                "partly" if any(proof.line_ids.mapped("received")) else "refused")

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A proof of delivery is opened from its delivery."))
        number = self.env["ir.sequence"]
        return super().create([{
            **vals, "name": number.next_by_code("med.delivery.proof") or "/"}
            for vals in vals_list])

    def write(self, vals):
        if not self.env.su and FIXED & vals.keys():
            raise AccessError(self.env._("What a proof says of its delivery is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Proofs of delivery are not deleted: void them."))

    def copy(self, default=None):
        raise UserError(self.env._("A proof is not copied: open it from its delivery."))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "void":
            if self.return_id.state == "done":
                raise UserError(self.env._(
                    "%s has come back: the proof is not voided.", self.return_id.name))
            return
        if self.event_time > fields.Datetime.now():
            raise UserError(self.env._("“Received or Refused” is in the future."))
        if self.temperature:
            try:
                if not Decimal(self.temperature.strip().replace(",", ".")).is_finite():
                    raise InvalidOperation
            except InvalidOperation:
                raise UserError(self.env._(
                    "“%s” is not a temperature: enter a number.", self.temperature)) from None
        if self.line_ids._med_key_sums("delivered") != self.picking_id._med_delivered():
            raise UserError(self.env._(
                "%s was changed since this proof was opened: void it and open another.",
                self.picking_id.name))
        self.line_ids._med_check()

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "void":
            self.return_id.action_cancel()
            return
        self.write({"recorded_by_id": self.env.uid, "recorded_at": fields.Datetime.now()})
        refused = {key: quantity for key, quantity in
                   self.line_ids._med_key_sums("refused").items() if quantity}
        if refused:
            self.return_id = self._med_make_return(refused)
        words = dict(self._fields["outcome"]._description_selection(self.env))
        self.picking_id._message_log(body=self.env._(
            "%(name)s: %(outcome)s by %(person)s.", name=self.name, outcome=words[self.outcome],
            person=self.person))
        if self.outcome != "received" and (
                person := self.env["med.udi.discrepancy"]._med_person(self.company_id)):
            self.activity_schedule(
                "mail.mail_activity_data_todo", user_id=person.id,
                summary=self.env._("Decide about what was refused or is missing"))

    # ------------------------------------------------------------------ coming back

    def _med_make_return(self, refused):
        """Return the open receipt of what was refused, into the zone of returns.

        :param refused: (product id, lot id or 0) → quantity
        """
        picking = self.picking_id.with_context(clean_context(self.env.context))
        wizard = picking.env["stock.return.picking"].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model="stock.picking").create({})
        left, shares = dict(refused), {}
        for move in picking.move_ids.filtered(lambda one: one.state == "done"):
            share = defaultdict(float)
            for line in move.move_line_ids:
                key = line.product_id.id, line.lot_id.id or 0
                share[key] += (take := min(left.get(key, 0.0), line.quantity_product_uom))
                left[key] = left.get(key, 0.0) - take
            shares[move] = {key: quantity for key, quantity in share.items() if quantity}
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.product_id.uom_id._compute_quantity(
                sum(shares.get(line.move_id, {}).values()), line.uom_id, round=False)
        back = wizard._create_return()
        for move in back.move_ids:
            move.move_line_ids.unlink()
            move.move_line_ids = [Command.create({
                "picking_id": back.id, "product_id": product, "lot_id": lot, "quantity": quantity,
                "product_uom_id": move.product_id.uom_id.id, "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id, "company_id": move.company_id.id,
            }) for (product, lot), quantity in shares[move.origin_returned_move_id].items()]
        with permit("stock.picking", back.ids, ("med_proof_id", self.id)):
            back.med_proof_id = self
        return back

    # ------------------------------------------------------------------ from outside

    def _med_fill(self, lines):
        """Write what another program tells of lines."""
        if not isinstance(lines, list) or any(not isinstance(one, dict) for one in lines):
            raise UserError(self.env._("“lines” must be a list of objects."))
        reasons = dict(self.line_ids._fields["reason"].selection)
        for one in lines:
            line = self.line_ids.filtered(
                lambda row, one=one: row.lot_id.id == one["lot"] if one.get("lot") else (
                    not row.lot_id and row.product_id.id == one.get("product")))
            if len(line) != 1:
                raise UserError(self.env._("“lines” names a lot that was not delivered."))
            if any(isinstance(value, bool) or not isinstance(value, int | float)
                   or not abs(value) < MOST for value in (one.get(n, 0) for n in QUANTITIES)):
                raise UserError(self.env._("“received” and “refused” must be numbers."))
            if one.get("reason", "") not in ["", *reasons]:
                raise UserError(self.env._(
                    "“reason” must be one of: %(names)s.", names=", ".join(reasons)))
            if not isinstance(one.get("note", ""), str):
                raise UserError(self.env._("“%s” must be text.", "note"))
            refused = one.get("refused", 0)
            line.write({"refused": refused, "received": one.get(
                "received", line.delivered - refused), "reason": one.get("reason") or False,
                "note": one.get("note", "")})
