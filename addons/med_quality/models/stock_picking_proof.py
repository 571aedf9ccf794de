from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

from .med_delivery_proof import RECORDERS

VERSION = 1


class StockPicking(models.Model):
    """Deliveries and what their consignees took, see `med.delivery.proof`."""

    _inherit = "stock.picking"

    med_proof_ids = fields.One2many("med.delivery.proof", "picking_id", "Proofs of Delivery",
                                    readonly=True, copy=False)
    med_proof_id = fields.Many2one(
        "med.delivery.proof", "Refused With", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict", help="The proof of delivery that says what comes back here.")
    med_proof_state = fields.Selection(
        [("due", "To be recorded"), ("draft", "Being recorded"), ("received", "Received"),
         ("partly", "Partly refused or missing"), ("refused", "Refused")],
        "Proof of Delivery", compute="_compute_med_proof_state", compute_sudo=True)

    @api.depends("state", "med_proof_ids.state", "med_proof_ids.outcome")
    def _compute_med_proof_state(self):
        for picking in self:
            proof = picking.med_proof_ids.filtered(lambda one: one.state != "void")
            due = (picking.state == "done" and picking.location_dest_id.usage == "customer"
                   and picking.move_ids.product_id.filtered("med_controlled"))
            picking.med_proof_state = (
                proof.outcome if proof.state == "recorded" else "draft") if proof else (
                "due" if due else False)

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("med_proof_id") or vals.get("med_proof_ids") for vals in vals_list):
            self._med_refuse_proof()
        # Written out, so that no default of the caller's context gets in.
        return super().create([
            {**vals, "med_proof_id": False, "med_proof_ids": []} for vals in vals_list])

    def write(self, vals):
        if "med_proof_ids" in vals or "med_proof_id" in vals and not take(
                self._name, self.ids, ("med_proof_id", self.env["med.delivery.proof"].browse(
                    vals["med_proof_id"]).id)):
            self._med_refuse_proof()
        return super().write(vals)

    def _med_refuse_proof(self):
        raise AccessError(self.env._("A return belongs to its proof of delivery from the start."))

    def _create_backorder_picking(self):
        """What comes back later belongs to the same refusal."""
        back = super()._create_backorder_picking()
        if self.med_proof_id:
            with permit(self._name, back.ids, ("med_proof_id", self.med_proof_id.id)):
                back.med_proof_id = self.med_proof_id
        return back

    def _med_delivered(self):
        """Return (product id, lot id or 0) → quantity posted to the consignee."""
        lines = self.move_line_ids.filtered(
            lambda line: line.state == "done" and line.location_dest_id.usage == "customer"
            and line.quantity)
        return {key: round(quantity, 6) for key, quantity in lines._med_checkout_sums().items()}

    # ------------------------------------------------------------------ from outside

    def _med_proof(self):
        """Return the proof of this delivery, a new one where there is none."""
        self._med_check_document("read")
        if not any(map(self.env.user.has_group, RECORDERS)):
            raise AccessError(self.env._("Your role records no proofs of delivery."))
        return self._med_proof_made()

    def _med_proof_made(self):
        """Return the proof of this delivery; who may have it was looked at before."""
        proof = self.env["med.delivery.proof"].search(
            [("picking_id", "=", self.id), ("state", "!=", "void")])
        delivered = self.sudo()._med_delivered()
        if not proof and (self.state != "done" or not delivered):
            raise UserError(self.env._(
                "%s has not been delivered to a consignee.", self.name))
        return proof or proof.sudo().create({
            "picking_id": self.id, "company_id": self.company_id.id, "return_id": False,
            "recorded_by_id": False, "recorded_at": False, "event_time": fields.Datetime.now(),
            "person": False, "temperature": False, "photo": False, "note": False,
            "line_ids": [fields.Command.create({
                "product_id": product, "lot_id": lot, "delivered": quantity, "received": quantity,
                "refused": 0, "reason": False, "note": False})
                for (product, lot), quantity in sorted(delivered.items())]}).sudo(False)

    def med_proof(self, person: str, event_time: str, lines: list | None = None,
                  temperature: str = "", note: str = ""):
        """Record that a consignee received this delivery, or what he refused of it.

        :param person: who took or refused the goods there
        :param event_time: ISO 8601 in UTC, ``2026-01-31T08:15:00Z``
        :param lines: ``[{"lot" (id) or "product" (id), "received", "refused", "reason", "note"}]``
            of what was not received in full; the rest was
        :param temperature: in °C, as text
        :return: ``{"version", "proof" (id), "name", "outcome", "return" (id of the receipt of what
            comes back, or 0)}``
        :raise UserError: an argument is wrong; nothing is recorded then
        """
        for name, value in (("person", person), ("event_time", event_time),
                            ("temperature", temperature), ("note", note)):
            if not isinstance(value, str):
                raise UserError(self.env._("“%s” must be text.", name))
        try:
            when = fields.Datetime.to_datetime(event_time.removesuffix("Z").replace("T", " "))
        except ValueError:
            when = None
        if not when:
            raise UserError(self.env._("“event_time” must be a time: 2026-01-31T08:15:00Z."))
        proof = self._med_proof()
        if proof.state != "draft":
            raise UserError(self.env._("%s is recorded already.", proof.name))
        proof._med_fill(lines or [])
        proof.write({"person": person.strip(), "event_time": when, "note": note.strip(),
                     "temperature": temperature.strip()})
        proof.med_transition("record")
        return {"version": VERSION, "proof": proof.id, "name": proof.name,
                "outcome": proof.outcome, "return": proof.return_id.id or 0}

    def action_med_proof(self):
        """Open the proof of this delivery."""
        return {"type": "ir.actions.act_window", "res_model": "med.delivery.proof",
                "view_mode": "form", "res_id": self._med_proof().id}
