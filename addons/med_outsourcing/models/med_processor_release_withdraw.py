from odoo import fields, models
from odoo.addons.med_signature.models.med_signable_step import leave
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare

QUALITY = "med_base.med_base_group_qa"


class MedProcessorRelease(models.Model):
    """A release that is withdrawn, by the processor or by us: its lots are held at once.

    Lots that we have not released yet go on when the processor has released them anew. About
    those that we have released or that are with consignees, quality assurance decides.
    """

    _inherit = "med.processor.release"

    revoke_reason = fields.Text(
        "Why We Withdraw It", copy=False, tracking=True,
        help="What we know that speaks against the lots. The processor is told.")
    revoked_by_id = fields.Many2one(
        "res.users", "Withdrawn By", readonly=True, copy=False, ondelete="restrict")
    revoked_at = fields.Datetime("Withdrawn", readonly=True, copy=False)
    hold_count = fields.Integer("Number of Holds", compute="_compute_hold_count")

    def _compute_hold_count(self):
        counts = dict(self.env["med.hold"].sudo()._read_group(
            [("source_model", "=", self._name), ("source_id", "in", self.ids)],
            ["source_id"], ["__count"]))
        for one in self:
            one.hold_count = counts.get(one.id, 0)

    def action_holds(self):
        """Open the holds that the withdrawal of these releases has placed."""
        return {"type": "ir.actions.act_window", "res_model": "med.hold",
                "view_mode": "list,form", "name": self.env._("Holds"),
                "domain": [("source_model", "=", self._name), ("source_id", "in", self.ids)]}

    # ------------------------------------------------------------------ withdrawn by us

    def _med_check_revoking(self):
        if not self.env.su and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._(
                "A release by a processor is withdrawn by quality assurance."))
        if any(one.state != "released" for one in self):
            raise UserError(self.env._(
                "Only what the processor has released is withdrawn, once, with its reason."))

    def action_revoke(self):
        """Withdraw these releases in our own name: they count no more, and their lots are held."""
        self.check_access("write")
        self._med_check_revoking()
        for one in self:
            why = (one.revoke_reason or "").strip()
            if not why:
                raise UserError(self.env._(
                    "%(release)s: say why we withdraw it.", release=one.name))
            one._med_set_state("revoked", {
                "revoked_by_id": self.env.uid, "revoked_at": fields.Datetime.now()})
            text = self.env._("Withdrawn by us: %(release)s. %(why)s", release=one.name, why=why)
            one._med_log(text)
            one.order_id._med_tell_processor(one.name, text)
            one._med_withdrawn(one.company_id.name, self.env.user.name, why)
        return True

    # ------------------------------------------------------------------ what follows

    def _med_withdrawn(self, side, who, why):
        """Hold the lots of a release that is withdrawn, and raise the alarm about what is out.

        :param side: which firm withdrew it: ours or the processor
        :param who: the person
        """
        release = self.sudo().with_company(self.company_id)
        reason = self.env._("%(release)s withdrawn by %(side)s (%(who)s): %(why)s",
                            release=self.name, side=side, who=who, why=why)
        keeper = release._med_quality()
        lots = release.line_ids._med_lots().filtered("product_id.med_controlled")
        out = lots.filtered(lambda lot: lot.id in release._med_out(lots))
        for some in (lots - out, out):
            if some:
                self.env["med.hold"].sudo().with_company(self.company_id)._place(
                    some, reason[:1000], "document", document=self, owner=keeper)
        if out:
            release._med_alarm(keeper, self.env._(
                "Released by us or delivered already: %(lots)s. %(reason)s",
                lots=", ".join(out[:20].mapped("name")), reason=reason))
        else:
            release._med_alarm(keeper, reason)

    def _med_out(self, lots):
        """Return the ids of lots that we have released, or of which consignees have something."""
        gone = self.env["med.hold"].sudo()._gone(lots.ids or [0])
        return {row["lot"] for row in gone} | set(lots.filtered(
            lambda lot: lot.med_status in ("released", "conditional")).ids)

    def _med_quality(self):
        """Return who of quality assurance sees to it."""
        found = self.env["med.nonconformity"].sudo()._med_responsible(self.company_id)
        return found or self.env.ref("base.user_admin")

    def _med_alarm(self, user, text):
        self.activity_schedule(
            "mail.mail_activity_data_warning", user_id=user.id, summary=text[:250], note=text)
        self.message_post(body=text, subtype_xmlid="mail.mt_note")

    # ------------------------------------------------------------------ released anew

    def _med_lift_covered(self):
        """Lift the holds of withdrawn releases whose lots the processor has released anew."""
        lots = self.sudo().line_ids._med_lots()
        holds = self.env["med.hold"].sudo().search([
            ("source_model", "=", self._name), ("state", "=", "open"),
            ("line_ids.lot_id", "in", lots.ids)])
        for hold in holds:
            before = self.sudo().browse(hold.source_id).exists()
            if not before or before.processor_id != self.processor_id or (
                    not before._med_released_since(hold)):
                continue
            text = self.env._("%(release)s: the processor has released the lots anew.",
                              release=self.name)
            if before._med_out(hold.line_ids.lot_id):
                hold._message_log(body=text)
                hold.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=hold.owner_id.id, summary=text)
                continue
            hold.conclusion = text
            leave(hold, "settle", text)

    def _med_released_since(self, hold):
        """Return whether all that this release named was validly released after a hold."""
        rows = self.env["med.processor.release.line"].sudo().search([
            ("release_id.processor_id", "=", self.processor_id.id),
            ("release_id.state", "=", "released"), ("release_id", "not in", self.ids),
            ("product_id", "in", self.line_ids.product_id.ids),
            ("lot_name", "in", self.line_ids.mapped("lot_name"))])
        told = {}
        for row in rows.filtered(lambda line: line.release_id.valid and any(
                one.meaning == "released" and one.signed_at >= hold.placed_at
                for one in line.release_id.signature_ids)):
            key = row.product_id, row.lot_name
            told[key] = told.get(key, 0.0) + row.quantity
        held = {(lot.product_id, lot.name) for lot in hold.line_ids.lot_id}
        return all(float_compare(
            told.get((line.product_id, line.lot_name), 0.0), line.quantity,
            precision_digits=6) >= 0 for line in self.line_ids
            if (line.product_id, line.lot_name) in held)
