from odoo import fields, models
from odoo.exceptions import UserError

FROZEN = {"activity_ids", "message_follower_ids", "message_ids"}


class MedExternalReview(models.Model):
    """What changed outside, what it means here, and what was done; frozen when it is finished.

    A review of a document of every company may name what belongs to any of them; each reader sees
    of that what is his.
    """

    _name = "med.external.review"
    _description = "Review of an External Document"
    _inherit = ["med.compliance.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "found_on desc, id desc"
    _rec_name = "document_id"
    _check_company_auto = True

    _med_stepped = {"state": "open", "done_on": False, "done_by_id": False}

    document_id = fields.Many2one(
        "med.external.document", "Document", required=True, index=True, ondelete="restrict",
        check_company=True)
    company_id = fields.Many2one(related="document_id.company_id", store=True, index=True)
    document_kind = fields.Selection(related="document_id.kind", string="Kind of Document")
    jurisdiction_id = fields.Many2one(related="document_id.jurisdiction_id")
    kind = fields.Selection(
        [("periodic", "Periodic"), ("change", "Change")], required=True, default="change",
        index=True, tracking=True, help="A periodic review that finds a change becomes one.")
    found_on = fields.Date("Found On", required=True, default=fields.Date.context_today)
    changes = fields.Text("What Changes", tracking=True)
    impact = fields.Selection(
        [("none", "None"), ("affected", "Something of Ours")], "Impact on Us", tracking=True)
    reason = fields.Text("Why None")
    process_ids = fields.Many2many("med.quality.process", string="Processes")
    product_tmpl_ids = fields.Many2many("product.template", string="Products")
    capa_ids = fields.Many2many("med.capa", string="CAPAs")
    measures = fields.Text("What Is Done", help="Documents changed, training, tests, or by whom "
                           "and until when.")
    date_due = fields.Date("Due", required=True, index=True, tracking=True)
    owner_id = fields.Many2one("res.users", "Owner", index=True, tracking=True)
    state = fields.Selection(
        [("open", "Open"), ("done", "Finished")], required=True, default="open", readonly=True,
        copy=False, index=True, tracking=True)
    done_on = fields.Date("Finished On", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Finished By", readonly=True, copy=False)

    def write(self, vals):
        if vals.keys() - FROZEN and (done := self.filtered(lambda one: one.state == "done")):
            raise UserError(self.env._("The review of %s is finished and is not changed any more.",
                                       done[0].document_id.number))
        return super().write(vals)

    def finish(self):
        """Finish these reviews: they say what changed, what it means and what is done.

        :return: ``{"version", "done": number of reviews}``
        :raise UserError: something is not said; nothing is finished then
        """
        self.check_access("read")
        self._med_check_keeper()
        for record in self:
            record._check_complete()
        self._med_store({"state": "done", "done_on": fields.Date.context_today(self),
                       "done_by_id": self.env.uid})
        self.sudo().activity_ids.unlink()
        return {"version": 1, "done": len(self)}

    def _check_complete(self):
        name = self.document_id.number
        if self.state != "open":
            raise UserError(self.env._("The review of %s is finished already.", name))
        if self.kind == "periodic" and not (self.changes or "").strip():
            if self.impact == "affected":
                raise UserError(self.env._("%s: say what changes.", name))
        elif not (self.changes or "").strip():
            raise UserError(self.env._("%s: say what changes.", name))
        if self.impact == "none" and not (self.reason or "").strip():
            raise UserError(self.env._("%s: say why it has no impact on us.", name))
        if not self.impact:
            raise UserError(self.env._("%s: say whether it has an impact on us.", name))
        if self.impact == "affected" and not (
                (self.process_ids or self.product_tmpl_ids or self.capa_ids)
                and (self.measures or "").strip()):
            raise UserError(self.env._(
                "%s: name what of ours is affected, and what is done.", name))

    def action_finish(self):
        """Finish."""
        self.finish()

    def action_start_capa(self):
        """Open a CAPA for this change."""
        self.ensure_one()
        self.check_access("write")
        Capa = self.env["med.capa"]
        Capa._med_check_opener()
        if self.state != "open":
            raise UserError(self.env._("The review of %s is finished already.",
                                       self.document_id.number))
        capa = Capa._med_begin(
            self.env._("Change of %s", self.document_id.number), self.env["med.nonconformity"],
            self.company_id or self.env.company, document=self, kind="preventive",
            source="other", problem=self.changes or "")
        self.capa_ids = [fields.Command.link(capa.id)]
        return {"type": "ir.actions.act_window", "res_model": "med.capa", "res_id": capa.id,
                "views": [(False, "form")]}
