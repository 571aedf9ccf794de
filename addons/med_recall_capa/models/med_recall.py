from odoo import api, fields, models
from odoo.addons.med_recall.models.med_recall import ENDED
from odoo.exceptions import UserError
from odoo.fields import Command

LINKS = ("nonconformity_ids", "capa_ids", "change_ids")


class MedRecall(models.Model):
    """What a recall comes from, and what follows from it."""

    _inherit = "med.recall"

    nonconformity_ids = fields.Many2many(
        "med.nonconformity", "med_recall_nonconformity_rel", string="Nonconformities",
        check_company=True, ondelete="restrict", copy=False)
    capa_ids = fields.Many2many(
        "med.capa", "med_recall_capa_rel", string="CAPAs", check_company=True,
        ondelete="restrict", copy=False)
    change_ids = fields.Many2many(
        "med.change", "med_recall_change_rel", string="Changes", check_company=True,
        ondelete="restrict", copy=False)
    capa_count = fields.Integer("Number of CAPAs", compute="_compute_link_counts")
    change_count = fields.Integer("Number of Changes", compute="_compute_link_counts")

    @api.depends("capa_ids", "change_ids")
    def _compute_link_counts(self):
        for record in self:
            record.capa_count = len(record.capa_ids)
            record.change_count = len(record.change_ids)

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{**dict.fromkeys(LINKS, []), **vals} for vals in vals_list])

    def write(self, vals):
        if vals.keys() & set(LINKS) and (ended := self.filtered(lambda one: one.state in ENDED)):
            raise UserError(self.env._("%s: it has ended.", ended[0].name))
        return super().write(vals)

    def action_start_capa(self):
        """Open a CAPA for this recall, with its nonconformities and products."""
        self._med_check_start()
        Capa = self.env["med.capa"]
        Capa._med_check_opener()
        cases, products = self.nonconformity_ids, self._med_products()
        record = Capa._med_begin(
            self.summary, cases, self.company_id, document=self, problem=self.reason,
            **({"product_ids": [Command.set(products.ids)]} if products else {}))
        self.sudo().capa_ids = [Command.link(record.id)]
        return self._med_show(record)

    def action_start_change(self):
        """Request a change for this recall, with its CAPAs and products."""
        self._med_check_start()
        record = self.env["med.change"].create({
            "company_id": self.company_id.id, "title": self.summary, "source": "other",
            "reason": f"{self.name}: {self.reason or self.summary}",
            "capa_ids": [Command.set(self.capa_ids.ids)],
            "product_tmpl_ids": [Command.set(self._med_products().product_tmpl_id.ids)]})
        self.sudo().change_ids = [Command.link(record.id)]
        return self._med_show(record)

    def action_capas(self):
        return self._med_linked(self.env._("CAPAs"), self.capa_ids)

    def action_changes(self):
        return self._med_linked(self.env._("Changes"), self.change_ids)

    def _med_check_start(self):
        self.ensure_one()
        self._med_check_decider()
        self.check_access("write")

    def _med_products(self):
        """Return the products in the present scope."""
        lots = self.env["med.recall.scope.line"].sudo()._search([
            ("scope_id", "=", self.scope_id.id)]).subselect("lot_id")
        groups = self.env["stock.lot"].sudo()._read_group([("id", "in", lots)], ["product_id"])
        return self.env["product.product"].union(*(product for [product] in groups))

    def _med_show(self, record):
        return {"type": "ir.actions.act_window", "res_model": record._name,
                "res_id": record.id, "views": [(False, "form")]}

    def _med_linked(self, name, records):
        return {"type": "ir.actions.act_window", "res_model": records._name, "name": name,
                "view_mode": "list,form", "domain": [("id", "in", records.ids)]}

    def _med_document(self):
        told = super()._med_document()
        told["head"] += [
            (self._fields[name]._description_string(self.env),
             ", ".join(self.sudo()[name].mapped("name"))) for name in LINKS if self.sudo()[name]]
        return told
