from odoo import fields, models
from odoo.addons.med_inspection.models.med_defect_code import CLASSES
from odoo.addons.med_inspection.models.med_inspection_plan import STAGES
from odoo.tools import SQL

STANDING = SQL("""r.outcome = 'fail'
    AND NOT EXISTS (SELECT FROM med_reading c WHERE c.corrects_id = r.id)
    AND NOT EXISTS (SELECT FROM med_inspection_oos o
                     WHERE o.reading_id = r.id AND o.state = 'error')""")
"""A reading ``r`` that did not pass, was not corrected and not found to be an error."""


class MedTrendDefect(models.Model):
    """A defect that was found: named by a reading, or reported as a nonconformity.

    A reading that names no defect code counts as its characteristic. A nonconformity that a
    rejected inspection began is counted by the readings of that inspection, and by itself only
    where it was rejected without one.
    """

    _name = "med.trend.defect"
    _description = "Defect Found"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "defect"
    _depends = {
        "med.reading": ["outcome", "defects", "corrects_id", "event_time", "inspection_id"],
        "med.inspection": ["product_id", "partner_id", "workcenter_id", "company_id", "stage"],
        "med.inspection.oos": ["reading_id", "state"],
        "med.nonconformity": [
            "state", "event_time", "company_id", "defect_code_id", "defect_class", "product_id",
            "partner_id", "workcenter_id", "source_model", "source_id"],
        "med.nonconformity.line": ["quantity", "nonconformity_id"],
        "med.defect.code": ["code", "company_id"],
    }

    date = fields.Datetime("Found", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    source = fields.Selection(
        [("inspection", "Inspection"), ("nonconformity", "Nonconformity")], readonly=True)
    defect = fields.Char(readonly=True, help=(
        "Code of the defect; where a reading names none, key of the characteristic."))
    defect_code_id = fields.Many2one("med.defect.code", "Defect Code", readonly=True)
    defect_class = fields.Selection(CLASSES, "Class", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    product_id = fields.Many2one("product.product", "Product", readonly=True)
    partner_id = fields.Many2one("res.partner", "Supplier", readonly=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", readonly=True)
    quantity = fields.Float("Units", digits="Product Unit", readonly=True, help=(
        "One for a reading; of a nonconformity, what was in stock of its lots."))
    inspection_id = fields.Many2one("med.inspection", readonly=True)
    nonconformity_id = fields.Many2one("med.nonconformity", readonly=True)

    @property
    def _table_query(self):
        # No subquery in a column: PostgreSQL takes each array for a hundred rows, would expect it
        # to run for each, and compile for seconds what takes a moment.
        return SQL("""
            SELECT r.id::bigint * 100 + d.ord AS id, 'inspection' AS source, r.event_time AS date,
                   i.company_id, COALESCE(d.code, r.characteristic) AS defect,
                   COALESCE(own.id, common.id) AS defect_code_id,
                   COALESCE(i.frozen -> 'defects' -> d.code ->> 'class', jsonb_path_query_first(
                       i.frozen, '$.characteristics[*] ? (@.key == $key).defect_class',
                       jsonb_build_object('key', r.characteristic)) #>> '{}') AS defect_class,
                   i.stage, i.product_id, i.partner_id, i.workcenter_id, 1.0 AS quantity,
                   i.id AS inspection_id, NULL::int AS nonconformity_id
              FROM med_reading r JOIN med_inspection i ON i.id = r.inspection_id
             CROSS JOIN LATERAL jsonb_array_elements_text(CASE
                   WHEN jsonb_typeof(r.defects) = 'array' AND r.defects <> '[]' THEN r.defects
                   ELSE '[null]' END) WITH ORDINALITY d(code, ord)
              LEFT JOIN med_defect_code own
                     ON own.code = d.code AND own.company_id = i.company_id
              LEFT JOIN med_defect_code common
                     ON common.code = d.code AND common.company_id IS NULL
             WHERE %(standing)s
         UNION ALL
            SELECT n.id::bigint * 100, 'nonconformity', n.event_time, n.company_id, c.code,
                   n.defect_code_id, n.defect_class, NULL, n.product_id, n.partner_id,
                   n.workcenter_id,
                   COALESCE((SELECT sum(l.quantity) FROM med_nonconformity_line l
                              WHERE l.nonconformity_id = n.id), 0.0), NULL, n.id
              FROM med_nonconformity n LEFT JOIN med_defect_code c ON c.id = n.defect_code_id
             WHERE n.state <> 'cancelled' AND (
                   n.source_model = 'med.inspection' AND n.source_id IN (
                       SELECT r.inspection_id FROM med_reading r WHERE %(standing)s)
                   ) IS NOT TRUE
            """, standing=STANDING)

    def action_open(self):
        """Open the inspection or nonconformity that found it."""
        self.ensure_one()
        found = self.inspection_id or self.nonconformity_id
        return {"type": "ir.actions.act_window", "res_model": found._name, "res_id": found.id,
                "views": [(False, "form")]}
