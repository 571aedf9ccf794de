from odoo import api, fields, models
from odoo.tools import SQL

MOST = 10


class MedCapa(models.Model):
    """Similar earlier cases, shown while this one is written (ISO 13485, 8.5.2 a)."""

    _inherit = "med.capa"

    similar_ids = fields.Many2many(
        "med.capa", string="Similar CAPAs", compute="_compute_similar", help=(
            "Of the same defect, product, supplier or work center; what agrees most comes first."))
    similar_nonconformity_ids = fields.Many2many(
        "med.nonconformity", string="Similar Nonconformities", compute="_compute_similar")

    @api.depends("nonconformity_ids", "product_ids", "partner_id", "workcenter_id")
    def _compute_similar(self):
        for record in self:
            cases, nonconformities = record._med_similar()
            record.similar_ids = self.browse(cases)._filtered_access("read")
            record.similar_nonconformity_ids = record.nonconformity_ids.browse(
                nonconformities)._filtered_access("read")

    def _med_similar(self):
        """Return the ids of cases and of nonconformities that agree most, the best first.

        The same defect counts three, the same product two, supplier and work center one each.
        """
        self.ensure_one()
        company = self.company_id.id or self.env.company.id
        defects = self.nonconformity_ids.defect_code_id.ids
        products = self.product_ids._origin.ids
        if not (defects or products or self.partner_id or self.workcenter_id):
            return [], []
        for model in ("med.nonconformity", "med.capa"):
            self.env[model].flush_model()
        values = {
            "company": company, "most": MOST, "capa": tuple(self._origin.ids) or (0,),
            "known": tuple(self.nonconformity_ids._origin.ids) or (0,),
            "defects": tuple(defects) or (0,), "products": tuple(products) or (0,),
            "partner": self.partner_id.id or 0, "place": self.workcenter_id.id or 0}
        nonconformities = SQL("""
            SELECT id FROM (
                SELECT id, 3 * COALESCE((defect_code_id IN %(defects)s)::int, 0)
                         + 2 * COALESCE((product_id IN %(products)s)::int, 0)
                         + COALESCE((partner_id = %(partner)s)::int, 0)
                         + COALESCE((workcenter_id = %(place)s)::int, 0) AS score
                  FROM med_nonconformity
                 WHERE company_id = %(company)s AND id NOT IN %(known)s) n
             WHERE score > 0 ORDER BY score DESC, id DESC LIMIT %(most)s""", **values)
        cases = SQL("""
            SELECT id FROM (
                SELECT c.id, 3 * (EXISTS (
                           SELECT 1 FROM med_capa_med_nonconformity_rel r
                             JOIN med_nonconformity n ON n.id = r.med_nonconformity_id
                            WHERE r.med_capa_id = c.id AND n.defect_code_id IN %(defects)s))::int
                         + 2 * (EXISTS (
                           SELECT 1 FROM med_capa_product_product_rel p
                            WHERE p.med_capa_id = c.id
                              AND p.product_product_id IN %(products)s))::int
                         + COALESCE((c.partner_id = %(partner)s)::int, 0)
                         + COALESCE((c.workcenter_id = %(place)s)::int, 0) AS score
                  FROM med_capa c
                 WHERE c.company_id = %(company)s AND c.id NOT IN %(capa)s) n
             WHERE score > 0 ORDER BY score DESC, id DESC LIMIT %(most)s""", **values)
        return tuple([row for row, in self.env.execute_query(one)]
                     for one in (cases, nonconformities))
