from odoo import fields, models
from odoo.addons.med_inspection.models.med_inspection_plan import STAGES
from odoo.tools import SQL


class MedTrendInspection(models.Model):
    """A decided inspection, and whether its lot passed the first time.

    First-pass yield = lots accepted at their first inspection ÷ lots inspected for the first
    time. Not the first time: inspected again after a rejection, or made again by a rework order.
    What a skip-lot plan left out was not inspected and does not count.
    """

    _name = "med.trend.inspection"
    _description = "First-Pass Yield"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "inspection_id"
    _depends = {
        "med.inspection": [
            "decided_at", "company_id", "stage", "product_id", "partner_id", "workcenter_id",
            "lot_id", "state", "verdict", "resubmission_of_id", "production_id"],
        "med.nonconformity.line": ["production_id"],
    }

    date = fields.Datetime("Decided", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    inspection_id = fields.Many2one("med.inspection", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    product_id = fields.Many2one("product.product", "Product", readonly=True)
    partner_id = fields.Many2one("res.partner", "Supplier", readonly=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial", readonly=True)
    decision = fields.Selection(
        [("accepted", "Accepted"), ("concession", "Accepted by Concession"),
         ("rejected", "Rejected")], readonly=True)
    first = fields.Integer("First Inspections", readonly=True)
    passed = fields.Integer("Accepted the First Time", readonly=True)
    rejected = fields.Integer("Inspections Rejected", readonly=True)
    first_pass = fields.Float(
        "First-Pass Yield (%)", digits=(16, 1), readonly=True, aggregator="avg", help=(
            "Lots accepted at their first inspection ÷ lots inspected for the first time × 100. "
            "Accepted by concession is not accepted the first time."))

    @property
    def _table_query(self):
        return SQL("""
            SELECT t.*, CASE WHEN first = 1 AND decision = 'accepted' THEN 1 ELSE 0 END AS passed,
                   CASE WHEN decision = 'rejected' THEN 1 ELSE 0 END AS rejected,
                   CASE WHEN first = 1 THEN
                        CASE WHEN decision = 'accepted' THEN 100.0 ELSE 0.0 END END AS first_pass
              FROM (SELECT i.id, i.id AS inspection_id, i.decided_at AS date, i.company_id,
                           i.stage, i.product_id, i.partner_id, i.workcenter_id, i.lot_id,
                           i.state AS decision,
                           CASE WHEN i.resubmission_of_id IS NULL AND NOT EXISTS (
                                SELECT FROM med_nonconformity_line l
                                 WHERE l.production_id = i.production_id) THEN 1 ELSE 0
                                END AS first
                      FROM med_inspection i
                     WHERE i.state IN ('accepted', 'concession', 'rejected')
                       AND i.decided_at IS NOT NULL
                       AND i.verdict <> 'omitted') t""")

    def action_open(self):
        """Open the inspection."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "med.inspection",
                "res_id": self.inspection_id.id, "views": [(False, "form")]}
