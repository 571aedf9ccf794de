from odoo import api, fields, models
from odoo.tools import SQL


class MedUdiGap(models.Model):
    """What is missing: a device identifier, a market, and a data element it asks for.

    A query, worked out from the requirements in force each time it is read; one statement, whatever
    the number of device identifiers.
    """

    _name = 'med.udi.gap'
    _description = 'Missing UDI Data'
    _auto = False
    _order = 'jurisdiction_id, di_id, requirement_id'
    _rec_name = 'requirement_id'

    di_id = fields.Many2one('med.udi.di', "Device Identifier", readonly=True)
    product_id = fields.Many2one('product.product', "Product", readonly=True)
    company_id = fields.Many2one('res.company', "Company", readonly=True)
    state = fields.Selection(
        [('draft', "Draft"), ('active', "Active"), ('retired', "Retired")], "Status",
        readonly=True)
    level = fields.Selection(
        [('unit', "Base package"), ('inner', "Inner package"), ('case', "Case"),
         ('pallet', "Pallet")], "Package Level", readonly=True)
    jurisdiction_id = fields.Many2one('med.jurisdiction', "Market", readonly=True)
    requirement_id = fields.Many2one('med.udi.requirement', "Missing", readonly=True)
    regime = fields.Char(related='requirement_id.regime')
    source = fields.Char(related='requirement_id.source')

    @property
    def _table_query(self):
        rows = self.env['med.udi.requirement'].with_context(active_test=True)._in_force()
        return self._select_missing(rows) or SQL(
            "SELECT 0::bigint AS id, 0 AS di_id, 0 AS product_id, 0 AS company_id, '' AS state,"
            " '' AS level, 0 AS jurisdiction_id, 0 AS requirement_id WHERE FALSE")

    @api.model
    def _select_missing(self, requirements):
        """Return the statement that lists what of these requirements is missing, if any."""
        devices = self.env['med.udi.di'].with_context(active_test=True)
        parts = []
        for row in requirements:
            query = devices._search(row._domain_missing())
            parts.append(query.select(*(
                SQL(text, di=SQL.identifier(query.table), row=row.id,
                    market=row.jurisdiction_id.id) for text in (
                    "%(di)s.id::bigint * 8192 + %(row)s AS id", "%(di)s.id AS di_id",
                    "%(di)s.product_id", "%(di)s.company_id", "%(di)s.state", "%(di)s.level",
                    "%(market)s AS jurisdiction_id", "%(row)s AS requirement_id"))))
        return SQL(" UNION ALL ").join(parts) if parts else None

    def action_open(self):
        """Open the device identifier to fill in what is missing."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'med.udi.di', 'res_id': self.di_id.id,
            'views': [(False, 'form')],
        }
