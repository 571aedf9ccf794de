from odoo import api, fields, models
from odoo.exceptions import UserError

from ..personal import PersonalText

DECIDED = {"kind", "received", "due", "model", "res_id", "decision", "company_id"}
"""What a decision rests on."""


class MedPersonalRequest(models.Model):
    """Somebody asks what is kept about him, or that it be corrected or forgotten.

    PIPL art. 44-50, GDPR art. 12-22. The request holds personal data itself, and is forgotten
    like any other when its time has come.
    """

    _name = "med.personal.request"
    _description = "Personal Data Request"
    _inherit = ["mail.thread", "mail.activity.mixin", "med.personal.mixin"]
    _order = "received desc, id desc"

    _med_personal_purpose = "Answering requests of the people whose data is kept"

    name = fields.Char(
        "Number", required=True, readonly=True, copy=False, default=lambda self: self.env._("New"))
    requester = PersonalText()
    contact = PersonalText(string="How to Reach Them")
    kind = fields.Selection(
        [("access", "Tell what is kept"), ("correct", "Correct it"), ("forget", "Forget it")],
        required=True, default="access", tracking=True,
    )
    received = fields.Date(required=True, default=fields.Date.context_today)
    due = fields.Date("Answer Due", required=True, compute="_compute_due", store=True,
                      readonly=False, precompute=True, help="One month, unless the law says else.")
    model = fields.Selection(
        lambda self: self._selection_model(), string="Kind of Record",
        help="Whose personal data is asked about.")
    res_id = fields.Many2oneReference("Record", model_field="model")
    state = fields.Selection(
        [("open", "Open"), ("granted", "Granted"), ("refused", "Refused")], required=True,
        default="open", readonly=True, copy=False, tracking=True,
    )
    decision = fields.Text(copy=False, tracking=True, help="What was done, or why it was refused.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company)

    @api.depends("received")
    def _compute_due(self):
        for request in self:
            request.due = request.received and fields.Date.add(request.received, months=1)

    @api.model
    def _selection_model(self):
        """Return the models that hold personal data."""
        names = [name for name, model in self.env.registry.items()
                 if not model._abstract and "med_personal_key_id" in model._fields]
        models = self.env["ir.model"].sudo().search([("model", "in", names)], order="name")
        return [(model.model, model.name) for model in models]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "open") != "open":
                raise UserError(self.env._("A request begins open."))
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{
            **vals, "state": "open",
            "name": self.env["ir.sequence"].next_by_code("med.personal.request"),
        } for vals in vals_list])

    def write(self, vals):
        if {"state", "name"} & vals.keys():
            raise UserError(self.env._("A request is decided by its buttons."))
        if DECIDED & vals.keys() and any(request.state != "open" for request in self):
            raise UserError(self.env._("What was decided stays as it is."))
        return super().write(vals)

    def action_grant(self):
        """Grant these requests; forgetting is done here and now, where the law lets it."""
        for request in self:
            request._check_decision()
            if request.kind == "forget":
                if not request.res_id or request.model not in self.env:
                    raise UserError(self.env._("Choose the record whose data is to be forgotten."))
                self.env[request.model].browse(request.res_id).med_forget(request.decision)
            super(MedPersonalRequest, request).write({"state": "granted"})

    def action_refuse(self):
        """Refuse these requests, with the grounds that stand in the decision."""
        for request in self:
            request._check_decision()
            super(MedPersonalRequest, request).write({"state": "refused"})

    def _check_decision(self):
        self._check_personal("write")
        if self.state != "open":
            raise UserError(self.env._("%s is decided already.", self.name))
        if not (self.decision or "").strip():
            raise UserError(self.env._("Write down the decision first."))
