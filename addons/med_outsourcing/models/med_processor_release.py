from odoo import api, fields, models
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

BORN = {"name", "order_id", "processor_id", "company_id"}
OPEN_ORDER = ("draft", "declined", "cancelled")


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
         ("withdrawn", "Withdrawn by the Processor"), ("cancelled", "Cancelled")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True)

    # ------------------------------------------------------------------ shown

    @api.depends("processor_id", "revision")
    @api.depends_context("lang")
    def _compute_statement(self):
        for one in self:
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

    @api.depends("order_id", "revision", "note", "line_ids.lot_name", "line_ids.quantity",
                 "line_ids.product_id")
    def _compute_paper_digest(self):
        for one in self:
            one.paper_digest = canonical.digest(canonical.canonical(
                one.sudo()._med_processor_content("released"))) if one.id else False

    @api.depends("state", "order_id", "revision", "note", "line_ids.lot_name",
                 "line_ids.quantity", "line_ids.product_id")
    def _compute_signature_ids(self):
        Signature = self.env["med.processor.signature"]
        for one in self:
            rows = Signature.sudo().search(
                [("res_model", "=", one._name), ("res_id", "=", one.id)]) if one.id else Signature
            one.signature_ids = rows.sudo(False)
            one.valid = one.state == "released" and any(
                row.meaning == "released" and row._get_status() == "valid" for row in rows)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        rows = []
        for vals in vals_list:
            order = self.env["med.outsourcing.order"].browse(vals.get("order_id"))
            order.check_access("read")
            rows.append({
                "note": False, "revision": order.sudo().revision, "line_ids": [], **vals,
                # Written out, so that no default of the caller's context gets in.
                "state": "draft",
                "name": self.env["ir.sequence"].sudo().next_by_code(self._name) or "/"})
        return super().create(rows)

    def write(self, vals):
        if BORN & vals.keys() and not self.env.su:
            raise AccessError(self.env._("A release belongs to its order from the start."))
        if "state" in vals and not take(self._name, self.ids, vals["state"]):
            raise AccessError(self.env._("The processor itself releases, by its signature."))
        if {"revision", "note", "line_ids"} & vals.keys():
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

    def _med_set_state(self, state):
        with permit(self._name, self.ids, state):
            self.sudo().write({"state": state})

    def action_cancel(self):
        """Cancel what the processor has not signed."""
        self.check_access("write")
        self._med_check_open()
        self._med_set_state("cancelled")
        return True

    # ------------------------------------------------------------------ preparing

    @api.model
    def _med_prepare(self, order, lots, revision, note=""):
        """Return a release for the processor to sign.

        :param lots: list of ``{"lot": name, "quantity": float in the product's unit}``, with
            ``"product": record`` where it is another one than the order's
        :param revision: to which they made it, as they say
        :raise UserError: the order has no such lot, too little of it, or another revision
        """
        lines = []
        for one in lots:
            known = order.line_ids.lot_id.filtered(
                lambda lot, name=one["lot"]: lot.name == name)[:1]
            product = one.get("product") or known.product_id or order.product_id
            if not product:
                raise UserError(self.env._(
                    "%(lot)s is not a lot of %(order)s.", lot=one["lot"], order=order.name))
            lines.append(Command.create({
                "product_id": product.id, "lot_name": one["lot"], "quantity": one["quantity"]}))
        release = self.sudo().create({
            "order_id": order.id, "revision": revision, "note": note, "line_ids": lines})
        release._med_check_lines()
        return release

    def _med_check_lines(self):
        """Refuse what the order does not ask for: another revision, lot, product or quantity."""
        order = self.order_id
        if order.state in OPEN_ORDER or not order.revision:
            raise UserError(self.env._(
                "%(order)s is not with the processor: %(state)s.", order=order.name,
                state=dict(order._fields["state"]._description_selection(self.env))[order.state]))
        if self.revision != order.revision:
            raise UserError(self.env._(
                "%(order)s is to be made to revision %(asked)s, not %(told)s.", order=order.name,
                asked=order.revision, told=self.revision or "-"))
        if not self.line_ids or any(line.quantity <= 0 for line in self.line_ids):
            raise UserError(self.env._("Name the lots, and of each how much: above zero."))
        for line in self.line_ids:
            line._med_check_order()

    # ------------------------------------------------------------------ the processor's side

    def _med_processor_content(self, meaning):
        """Return what the processor signs."""
        self.ensure_one()
        return {
            "form": "med-processor-release/1", "number": self.name, "order": self.order_id.name,
            "processor": self.processor_id.id, "revision": self.revision or "",
            "note": self.note or "", "lots": [{
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
        text = f"{signature.display_name}: {self.name} {self.lots_text} {signature.note or ''}"
        for record in (self, self.order_id, *self._med_own_releases()):
            record.sudo()._message_log(body=text)
        if signature.meaning == "withdrawn":
            self._med_tell_withdrawn(signature)

    def _med_own_releases(self):
        """Return our own releases that name these lots."""
        lots = self.sudo().line_ids._med_lots()
        return self.env["med.release"].sudo().search([("line_ids.lot_id", "in", lots.ids)])

    def _med_tell_withdrawn(self, signature):
        """Put a task before quality assurance: what we released of it may have to come back."""
        kind = self.env.ref("mail.mail_activity_data_todo")
        people = self.env.ref("med_base.med_base_group_qa").sudo().all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids).sorted("id")
        self.sudo().activity_schedule(
            activity_type_id=kind.id, user_id=people[:1].id, summary=self.env._(
                "The processor has withdrawn its release: %(note)s", note=signature.note))
