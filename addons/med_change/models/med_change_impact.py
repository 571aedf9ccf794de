import hashlib
import json

from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

KINDS = [
    ("bom", "Bill of Materials"), ("product", "Product"), ("operation", "Operation"),
    ("plan", "Inspection Plan"), ("di", "Device Identifier"), ("label", "Label Template"),
    ("supplier", "Supplier"), ("purchase", "Purchase Order"),
    ("production", "Manufacturing Order"), ("delivery", "Delivery"), ("stock", "Stock"),
    ("registration", "Registration"), ("document", "Document"), ("processor", "Processor"),
]
# Kinds of which each row is answered before the change is assessed.
NEEDED = ("plan", "di", "label", "purchase", "production", "delivery", "stock", "registration",
          "document", "processor")
WRITABLE = ("draft", "emergency")


class MedChangeImpact(models.Model):
    """One thing that a change reaches, and what is done about it."""

    _name = "med.change.impact"
    _description = "What a Change Reaches"
    _order = "change_id desc, kind, level, id"

    change_id = fields.Many2one("med.change", "Change", required=True, index=True,
                                ondelete="restrict", readonly=True)
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    res_model = fields.Char("Record Type", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True,
                                      required=True)
    name = fields.Char("What", required=True, readonly=True)
    level = fields.Integer(readonly=True, aggregator=False, help="How many levels up.")
    text = fields.Char("Details", readonly=True)
    new_di = fields.Char("New DI Needed For", readonly=True, help=(
        "Markets whose rules want a new device identifier for the data elements that change."))
    needed = fields.Boolean("To Be Answered", readonly=True)
    answer = fields.Char("What Is Done About It", copy=False)
    case_state = fields.Selection(related="change_id.state", string="Change State")

    @api.model_create_multi
    def create(self, vals_list):
        if not take(self._name, (), "computed"):
            raise AccessError(self.env._("What a change reaches is computed."))
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - {"answer"}:
            raise AccessError(self.env._("What a change reaches is computed."))
        self._check_open()
        result = super().write(vals)
        self.change_id._med_seal_impact()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_computed(self):
        if not take(self._name, self.ids, "computed"):
            raise AccessError(self.env._("What a change reaches is computed."))

    def _check_open(self):
        self.change_id._med_check_mine()
        if late := self.change_id.filtered(lambda one: one.state not in WRITABLE):
            raise UserError(self.env._(
                "%s is assessed. Choose “Assess Anew” to change that.", late[0].name))

    def settle(self, reason: str):
        """Say of several rows at once what is done about them.

        :param reason: what is done, or why nothing
        :return: ``{"version", "answered": number of rows}``
        """
        self.check_access("read")
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("“%(field)s” must say so in one sentence.", field="reason"))
        self.write({"answer": reason.strip()})
        return {"version": 1, "answered": len(self)}

    def action_settle(self):
        """Ask what is done about the rows that are ticked."""
        title = self.env._("What Is Done About It")
        return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                "params": {"model": self._name, "records": self.ids, "title": title,
                           "method": "settle", "arguments": {}}}

    def action_open(self):
        """Open the record."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.res_model,
                "res_id": self.res_id, "views": [(False, "form")]}


class MedChange(models.Model):
    _inherit = "med.change"

    impact_count = fields.Integer("Reaches", compute="_compute_impact_count")
    impact_left = fields.Integer("To Be Answered", compute="_compute_impact_count")
    new_di_needed = fields.Boolean("New DI Needed", compute="_compute_impact_count")

    @api.depends("impact_ids.answer")
    def _compute_impact_count(self):
        for record in self:
            rows = record.impact_ids
            record.impact_count = len(rows)
            record.impact_left = len(rows.filtered(lambda one: one.needed and not one.answer))
            record.new_di_needed = any(rows.mapped("new_di"))

    def action_impact(self):
        """Compute anew what the change reaches; answers given are kept. Return its rows' page."""
        self.ensure_one()
        self._med_check_mine()
        if self.state not in WRITABLE:
            raise UserError(self.env._(
                "%s is assessed. Choose “Assess Anew” to change that.", self.name))
        record = self.sudo().with_context(clean_context(self.env.context), allowed_company_ids=(
            self.company_id.ids)).with_company(self.company_id)
        rows = record._med_where_used(
            record.component_ids, record.product_tmpl_ids.product_variant_ids,
            record.udi_field_ids.mapped("name"))
        said = {(one.res_model, one.res_id): one.answer for one in record.impact_ids}
        old = record.impact_ids
        with permit(old._name, old.ids, "computed"):
            old.unlink()
        with permit(old._name, (), "computed"):
            record.env[old._name].create([{
                "change_id": record.id, "kind": row["kind"], "res_model": row["model"],
                "res_id": row["id"], "name": row["name"], "level": row["level"],
                "text": row["text"], "new_di": row["new_di"],
                "needed": row["kind"] in NEEDED or bool(row["new_di"]),
                "answer": said.get((row["model"], row["id"]), False)} for row in rows])
        record._med_store({"impact_at": fields.Datetime.now()})
        record._med_seal_impact()
        return self.action_impacts()

    def action_impacts(self):
        """Open what the change reaches."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.change.impact",
                "view_mode": "list", "name": self.env._("What %s Reaches", self.name),
                "domain": [("change_id", "=", self.id)],
                "context": {"search_default_left" if self.impact_left and (
                    self.state in WRITABLE) else "search_default_group_kind": 1}}

    def _med_seal_impact(self):
        """Write down the digest by which the rows are signed with the change."""
        for record in self.sudo():
            rows = [[one.kind, one.res_model, one.res_id, one.name, one.level, one.text or "",
                     one.new_di or "", one.answer or ""] for one in record.impact_ids.sorted(
                         lambda one: (one.res_model, one.res_id, one.id))]
            text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
            record._med_store({"impact_digest": "sha256:" + hashlib.sha256(
                text.encode()).hexdigest()})
