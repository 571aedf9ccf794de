from odoo import api, fields, models
from odoo.fields import Domain

READERS = "med_base.med_base_group_viewer"
MADE = [("here", "Made Here"), ("outside", "Made by Processors"), ("mixed", "Both")]
COVERED = [("covered", "Covered"), ("open", "Not Covered")]


class ProductTemplate(models.Model):
    """Where a product is made: by us, by processors, or both; and whether that is covered."""

    _inherit = "product.template"

    med_made = fields.Selection(
        MADE, "Made", compute="_compute_med_made", store=True, index="btree_not_null", help=(
            "By its bills of materials in use, of every company: ordinary ones are made here, "
            "subcontracted ones by processors. Empty: it has none."))
    med_made_covered = fields.Selection(
        COVERED, "Processors Today", compute="_compute_med_made_covered",
        search="_search_med_made_covered", groups=READERS, help=(
            "Whether each subcontracted bill of materials names a processor whose file, process, "
            "quality agreement and certificates cover this product today."))
    med_processor_count = fields.Integer(
        "Processors", compute="_compute_med_processor_count", groups=READERS)

    @api.depends("bom_ids.type", "bom_ids.active")
    def _compute_med_made(self):
        for product in self:
            kinds = set(product.sudo().bom_ids.filtered("active").mapped("type"))
            product.med_made = {
                (True, False): "here", (False, True): "outside", (True, True): "mixed",
            }.get(("normal" in kinds, "subcontract" in kinds), False)

    # ------------------------------------------------------------------ covered today

    def _med_outside(self):
        """Return the subcontracted bills of these products in the reader's companies."""
        return self.sudo().bom_ids.filtered(
            lambda bom: bom.active and bom.type == "subcontract"
            and (not bom.company_id or bom.company_id in self.env.companies))

    @api.depends_context("allowed_company_ids")
    def _compute_med_made_covered(self):
        for product in self:
            boms = product._med_outside()
            product.med_made_covered = boms and (
                "covered" if all(map(product._med_is_covered, boms)) else "open")

    def _med_is_covered(self, bom):
        """Return whether any processor of a bill covers it today."""
        Processor, variant = self.env["med.processor"].sudo(), (
            bom.product_id or self.product_variant_id)
        companies = bom.company_id or self.company_id or self.env.companies
        files = Processor.union(*(Processor._med_of(partner, company)
                                  for partner in bom.subcontractor_ids for company in companies))
        return any(not one._med_obstacles(bom.med_process, variant) for one in files)

    @api.model
    def _search_med_made_covered(self, operator, value):
        if operator != "in":
            return NotImplemented
        outside = Domain("med_made", "in", ("outside", "mixed"))
        found = self.search(outside).filtered(lambda one: one.med_made_covered in value)
        none = self.search(outside).filtered(lambda one: not one.med_made_covered)
        answer = Domain("id", "in", found.ids)
        if False in value:
            answer |= ~outside | Domain("id", "in", none.ids)
        return answer

    # ------------------------------------------------------------------ its processors

    def _med_processors(self):
        """Return the files of who makes or processes these products, or is approved to."""
        Processor = self.env["med.processor"]
        partners = self._med_outside().subcontractor_ids.commercial_partner_id
        return Processor.search(Domain("company_id", "in", self.env.companies.ids) & (
            Domain("scope_ids.product_tmpl_ids", "in", self.ids)
            | Domain("partner_id", "in", partners.ids)
            | Domain("id", "in", self._med_ordered_from().ids)))

    def _med_ordered_from(self):
        """Return who had orders for these products."""
        variants = self.product_variant_ids.ids
        return self.env["med.outsourcing.order"].sudo().search(
            Domain("product_id", "in", variants)
            | Domain("line_ids.product_id", "in", variants)).processor_id

    def _compute_med_processor_count(self):
        for product in self:
            product.med_processor_count = len(product._med_processors())

    def action_med_processors(self):
        """Open the processors of these products."""
        return self._med_processors()._med_show()
