from odoo import api, fields, models
from odoo.addons.med_capa.models.med_capa import FINAL
from odoo.exceptions import UserError


class MedNonconformity(models.Model):
    """A nonconformity of a partner's goods: he is asked for corrective action, or tells of his."""

    _inherit = "med.nonconformity"

    request_ids = fields.One2many(
        "med.capa.request", "nonconformity_id", "Corrective Action of Partners", readonly=True,
        copy=False)
    request_count = fields.Integer(
        "Number of Partners' Corrective Actions", compute="_compute_request_count")

    @api.depends("request_ids")
    def _compute_request_count(self):
        counts = dict(self.env["med.capa.request"]._read_group(
            [("nonconformity_id", "in", self.ids)], ["nonconformity_id"], ["__count"]))
        for record in self:
            record.request_count = counts.get(record, 0)

    def action_ask_partner(self):
        """Ask the partner that this is about for corrective action, under its CAPA or a new one."""
        self.ensure_one()
        self.check_access("read")
        partner = self.partner_id or self.sudo().exchange_partner_id.partner_id
        if not partner:
            raise UserError(self.env._(
                "%s names no supplier or processor: enter it first.", self.name))
        if self.state == "cancelled":
            raise UserError(self.env._("%s is none: there is nothing to correct.", self.name))
        capa = self.sudo().capa_ids.filtered(lambda one: one.state not in FINAL)[:1].sudo(False)
        if not capa:
            self.env["med.capa"]._med_check_opener()
            capa = self.env["med.capa"]._med_begin(
                self.summary, self, self.company_id, document=self, source="supplier",
                partner_id=partner.commercial_partner_id.id)
        return capa._med_ask_partner(partner, self)._med_open_form()

    def action_requests(self):
        """Open what partners were asked or told of this nonconformity."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "med.capa.request",
                "view_mode": "list,form", "name": self.env._("Corrective Action of Partners"),
                "domain": [("nonconformity_id", "=", self.id)]}
