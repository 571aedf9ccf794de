from odoo import models
from odoo.tools import SQL


class MedGenealogy(models.AbstractModel):
    _inherit = 'med.genealogy'

    def _sql_manufacture_kind(self, order):
        return SQL(
            "(SELECT CASE WHEN mp.subcontractor_id IS NULL THEN 'manufacture' "
            "ELSE 'subcontract' END FROM mrp_production mp WHERE mp.id = %s)", order)

    def _sql_partner(self):
        return SQL(
            "COALESCE((SELECT mp.subcontractor_id FROM mrp_production mp "
            "WHERE x.res_model = 'mrp.production' AND mp.id = x.res_id), %s)",
            super()._sql_partner())
