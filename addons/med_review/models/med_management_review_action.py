from odoo import api, fields, models
from odoo.addons.med_capa.models.med_action_mixin import RESULTS
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import UserError


class MedManagementReviewAction(models.Model):
    """What a review decided to do: who does what until when (ISO 13485, 5.6.3)."""

    _name = "med.management.review.action"
    _description = "Action of a Management Review"
    _inherit = ["med.action.mixin"]
    _order = "review_id desc, date_due, id"

    _med_case = "review_id"
    _med_results = {**RESULTS, "capa_id": False, "origin_id": False}

    review_id = fields.Many2one(
        "med.management.review", "Review", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    review_state = fields.Selection(related="review_id.state", string="Review State")
    kind = fields.Selection(
        [("system", "Improvement of the System"), ("product", "Improvement of the Product"),
         ("law", "Response to New Requirements"), ("resources", "Resources"),
         ("other", "Other")], "Output", required=True, default="system")
    owner_id = fields.Many2one(required=True)
    date_due = fields.Date(required=True)
    state = fields.Selection(
        selection_add=[("done",), ("carried", "Taken Over"), ("cancelled",)],
        ondelete={"carried": "set default"})
    capa_id = fields.Many2one("med.capa", "CAPA", readonly=True, copy=False,
                              index="btree_not_null", ondelete="restrict")
    origin_id = fields.Many2one(
        "med.management.review.action", "Taken Over From", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict")
    origin_review_id = fields.Many2one(related="origin_id.review_id", string="From Review")

    @api.model_create_multi
    def create(self, vals_list):
        carried = take(self._name, (), "carry")
        actions = super().create(vals_list)
        for action, vals in zip(actions, vals_list, strict=True) if carried else ():
            action._med_store({name: vals.get(name, False) for name in ("origin_id", "capa_id")})
        return actions

    def write(self, vals):
        if {"review_id", "company_id"} & vals.keys() and not self.env.su:
            raise UserError(self.env._("An action stays with its review."))
        return super().write(vals)

    def _check_plannable(self):
        """Refuse a change of what is signed."""
        self.review_id._med_check_locked(None)

    def _check_due(self):
        if late := self.filtered(
                lambda one: one.state != "open" or one.review_id.state != "signed"):
            raise UserError(self.env._(
                "%s: only open actions of a signed review are done.", late[0].what))

    def action_start_capa(self):
        """Open a new CAPA for this action."""
        self.ensure_one()
        self.check_access("read")
        Capa = self.env["med.capa"]
        Capa._med_check_opener()
        self.review_id._med_lock()
        self.invalidate_recordset()
        if self.state != "open" or self.capa_id:
            raise UserError(self.env._("%s is not open, or has a CAPA.", self.what))
        record = Capa._med_begin(
            self.what, self.env["med.nonconformity"], self.company_id, document=self.review_id,
            source="review", kind="preventive" if self.kind != "product" else "corrective")
        self._med_store({"capa_id": record.id})
        return self.action_capa()

    def action_capa(self):
        """Open the CAPA of this action."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.capa",
                "res_id": self.capa_id.id, "views": [(False, "form")]}
