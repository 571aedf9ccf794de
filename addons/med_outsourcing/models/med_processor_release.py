from odoo import api, fields, models
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

BORN = {"name", "order_id", "processor_id", "company_id"}
REVOKED = {"revoked_by_id": False, "revoked_at": False}
"""What the step of withdrawing writes, and what a new release has."""


class MedProcessorRelease(models.Model):
    """A processor's production release of lots of an order (生产放行), signed by the processor.

    Our own release for the market waits for it. Nobody of ours can sign it: the state follows
    from ``med.processor.signature``.
    """

    _name = "med.processor.release"
    _description = "Production Release by a Processor"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    order_id = fields.Many2one(
        "med.outsourcing.order", required=True, index=True, ondelete="restrict",
        check_company=True)
    processor_id = fields.Many2one(
        related="order_id.processor_id", store=True, index=True, precompute=True)
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, index=True, precompute=True)
    revision = fields.Char(help="Of the order, to which they made and inspected it.")
    deviation_id = fields.Many2one(
        "med.deviation", "Under Deviation", index="btree_not_null", ondelete="restrict",
        check_company=True, help=(
            "Approved by us, for this order or these lots: without it nothing that was made to "
            "another revision is released."))
    note = fields.Text("Remarks of the Processor")
    statement = fields.Text(compute="_compute_statement")
    line_ids = fields.One2many("med.processor.release.line", "release_id", "Lots")
    lots_text = fields.Char("Lots and Serials", compute="_compute_lots_text")
    paper_digest = fields.Char(
        "SHA-256 of What the Processor Signs", compute="_compute_paper_digest")
    signature_ids = fields.One2many(
        "med.processor.signature", compute="_compute_signature_ids",
        string="Signatures of the Processor")
    valid = fields.Boolean(
        compute="_compute_signature_ids",
        help="The processor has released these lots, and what it signed is what is here.")
    state = fields.Selection(
        [("draft", "Waits for the Processor"), ("released", "Released by the Processor"),
         ("withdrawn", "Withdrawn by the Processor"), ("revoked", "Withdrawn by Us"),
         ("cancelled", "Cancelled")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True)

    # ------------------------------------------------------------------ shown

    @api.depends("processor_id", "revision", "deviation_id")
    @api.depends_context("lang")
    def _compute_statement(self):
        for one in self:
            if one.deviation_id and one.revision != one.order_id.revision:
                one.statement = self.env._(
                    "The lots listed here were made or processed and inspected by %(processor)s "
                    "to revision %(revision)s, which our order %(order)s does not name, under "
                    "your deviation %(deviation)s, and conform to both.",
                    processor=one.processor_id.display_name, revision=one.revision or "-",
                    order=one.order_id.name, deviation=one.sudo().deviation_id.name)
                continue
            one.statement = self.env._(
                "The lots listed here were made or processed and inspected by %(processor)s to "
                "revision %(revision)s of our order %(order)s, and conform to it.",
                processor=one.processor_id.display_name, revision=one.revision or "-",
                order=one.order_id.name)

    @api.depends("line_ids.lot_name")
    def _compute_lots_text(self):
        for one in self:
            names = one.line_ids.mapped("lot_name")
            one.lots_text = ", ".join(names[:5]) + (
                f" … ({len(names)})" if len(names) > 5 else "")

    @api.depends("order_id", "revision", "deviation_id", "note", "line_ids.lot_name",
                 "line_ids.quantity", "line_ids.product_id")
    def _compute_paper_digest(self):
        for one in self:
            one.paper_digest = canonical.digest(canonical.canonical(
                one.sudo()._med_processor_content("released"))) if one.id else False

    @api.depends("state", "order_id", "revision", "deviation_id", "note", "line_ids.lot_name",
                 "line_ids.quantity", "line_ids.product_id", "order_id.event_ids.superseded",
                 "order_id.event_ids.lot_ids")
    def _compute_signature_ids(self):
        Signature = self.env["med.processor.signature"]
        for one in self:
            rows = Signature.sudo().search(
                [("res_model", "=", one._name), ("res_id", "=", one.id)]) if one.id else Signature
            one.signature_ids = rows.sudo(False)
            one.valid = one.state == "released" and any(
                row.meaning == "released" and row._get_status() == "valid" for row in rows
            ) and one._med_is_good()

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        rows = []
        for vals in vals_list:
            order = self.env["med.outsourcing.order"].browse(vals.get("order_id"))
            order.check_access("read")
            rows.append({
                "note": False, "revoke_reason": False, "revision": order.sudo().revision,
                "deviation_id": False, "line_ids": [], **vals,
                # Written out, so that no default of the caller's context gets in.
                "state": "draft", **REVOKED,
                "name": self.env["ir.sequence"].sudo().next_by_code(self._name) or "/"})
        return super().create(rows)

    def write(self, vals):
        if BORN & vals.keys() and not self.env.su:
            raise AccessError(self.env._("A release belongs to its order from the start."))
        if "state" in vals and not take(self._name, self.ids, vals["state"]):
            raise AccessError(self.env._("The processor itself releases, by its signature."))
        if "state" not in vals and REVOKED.keys() & vals.keys():
            raise AccessError(self.env._("Who withdrew a release follows from its step."))
        if "revoke_reason" in vals:
            self._med_check_revoking()
        if {"revision", "deviation_id", "note", "line_ids"} & vals.keys():
            self._med_check_open()
        return super().write(vals)

    def _med_check_open(self):
        if any(one.state != "draft" for one in self):
            raise UserError(self.env._(
                "What the processor has signed is not changed: it withdraws, and releases anew."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Releases are not deleted: cancel them."))

    def copy(self, default=None):
        raise UserError(self.env._("A release is not copied: the processor signs each of them."))

    def _med_set_state(self, state, more=None):
        with permit(self._name, self.ids, state):
            self.sudo().write({"state": state, **(more or {})})

    def action_cancel(self):
        """Cancel what the processor has not signed."""
        self.check_access("write")
        self._med_check_open()
        self._med_set_state("cancelled")
        return True

    # ------------------------------------------------------------------ the processor's side

    def _med_processor_content(self, meaning):
        """Return what the processor signs."""
        self.ensure_one()
        return {
            "form": "med-processor-release/1", "number": self.name, "order": self.order_id.name,
            "processor": self.processor_id.id, "revision": self.revision or "",
            "note": self.note or "",
            # Left out where there is none: what was signed before there was this field still holds.
            **({"deviation": self.deviation_id.name} if self.deviation_id else {}), "lots": [{
                "product": line.product_id.id, "code": line.product_id.default_code or "",
                "lot": line.lot_name, "unit": line.product_id.uom_id.id,
                "quantity": canonical.decimal_text(
                    line.quantity, line._fields["quantity"].get_digits(self.env)[1])}
                for line in self.line_ids.sorted(lambda row: (row.product_id.id, row.lot_name))],
        }

    def _med_before_processor_sign(self, processor, meaning, note):
        state = {"released": "draft", "withdrawn": "released"}.get(meaning)
        if not state:
            raise UserError(self.env._("A release is released or withdrawn."))
        if self.state != state:
            raise UserError(self.env._(
                "%(release)s does not wait for this signature.", release=self.name))
        if meaning == "withdrawn":
            if not note.strip():
                raise UserError(self.env._("Say why you withdraw the release."))
            return
        if processor.state != "approved":
            raise UserError(self.env._(
                "%(processor)s is not approved: nothing is released.",
                processor=processor.display_name))
        self._med_check_lines()

    def _med_after_processor_sign(self, signature):
        self._med_set_state(signature.meaning)
        if signature.meaning == "released" and self.revision != self.order_id.revision:
            self._med_use_deviation()
        self._med_log(
            f"{signature.display_name}: {self.name} {self.lots_text} {signature.note or ''}")
        if signature.meaning == "withdrawn":
            self._med_withdrawn(
                self.processor_id.sudo().display_name, signature.person, signature.note or "")
        elif signature.meaning == "released":
            self._med_lift_covered()

    def _med_log(self, text):
        """Say it in this release, its order and our own releases of these lots."""
        for record in (self, self.order_id, *self._med_own_releases()):
            record.sudo()._message_log(body=text)

    def _med_own_releases(self):
        """Return our own releases that name these lots."""
        lots = self.sudo().line_ids._med_lots()
        return self.env["med.release"].sudo().search([("line_ids.lot_id", "in", lots.ids)])
