from odoo import api, fields, models
from odoo.addons.med_capa.models.med_capa import FINAL
from odoo.exceptions import UserError

from .med_capa_request import OPEN

GATED = ("implemented", *FINAL)


class MedCapa(models.Model):
    """Partners are asked for corrective action; a CAPA waits for their answers."""

    _inherit = "med.capa"

    request_ids = fields.One2many("med.capa.request", "capa_id", "Requests to Partners",
                                  readonly=True)
    request_count = fields.Integer("Number of Requests", compute="_compute_request_count")

    @api.depends("request_ids")
    def _compute_request_count(self):
        counts = dict(self.env["med.capa.request"]._read_group(
            [("capa_id", "in", self.ids)], ["capa_id"], ["__count"]))
        for record in self:
            record.request_count = counts.get(record, 0)

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.target in GATED:
            self._check_requests()

    def _check_requests(self):
        """Refuse to go on while partners are asked and their answers are not accepted."""
        waiting = self.sudo().request_ids.filtered(lambda one: one.state in OPEN)
        if waiting:
            raise UserError(self.env._(
                "%(name)s waits for partners: %(requests)s. Accept their answers, or cancel the "
                "requests with the reason.", name=self.name, requests=", ".join(
                    f"{one.name} ({one.partner_id.display_name})" for one in waiting[:5])))

    def action_requests(self):
        """Open the requests to partners under this CAPA."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "med.capa.request",
                "view_mode": "list,form", "name": self.env._("Requests to Partners"),
                "domain": [("capa_id", "=", self.id)],
                "context": {"default_capa_id": self.id}}

    def action_ask_partner(self):
        """Begin a request to the supplier of this CAPA, or to one to be chosen."""
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            return {"type": "ir.actions.act_window", "res_model": "med.capa.request",
                    "views": [(False, "form")], "name": self.env._("Ask a Partner"),
                    "context": {"default_capa_id": self.id, "default_title": self.summary,
                                "default_problem": self.problem or ""}}
        return self._med_ask_partner(self.partner_id)._med_open_form()

    def _med_ask_partner(self, partner, case=None):
        """Return a new request to a partner, with those of the goods named here that are his."""
        self.ensure_one()
        cases = case or self.sudo().nonconformity_ids
        Request = self.env["med.capa.request"]
        probe = Request.sudo().new({"company_id": self.company_id.id, "partner_id": partner.id})
        lots = probe._med_own_lots(cases.sudo().line_ids.lot_id)
        theirs = cases.sudo().filtered(
            lambda one: one.partner_id.commercial_partner_id == partner.commercial_partner_id
            or one.exchange_partner_id.partner_id.commercial_partner_id
            == partner.commercial_partner_id)
        # One nonconformity is named, and excuses its product; of the others' what is known as his.
        products = lots.product_id | theirs[:1].product_id | probe._med_own_products(
            theirs[1:].product_id)
        return Request.create({
            "capa_id": self.id, "partner_id": partner.commercial_partner_id.id,
            "nonconformity_id": theirs[:1].id, "title": self.summary,
            "problem": theirs[:1].description or self.problem or False,
            "lot_ids": [fields.Command.set(lots.ids)],
            "product_ids": [fields.Command.set(products.ids)]})
