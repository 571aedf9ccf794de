from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

CONTRACT_VERSION = 1


class MedUdiDi(models.Model):
    """What the markets ask for and a device identifier lacks."""

    _inherit = 'med.udi.di'

    gap_count = fields.Integer(
        "Missing Data", compute='_compute_gap_count', search='_search_gap_count')

    def _compute_gap_count(self):
        counts = dict(self.env['med.udi.gap']._read_group(
            [('di_id', 'in', self.ids)], ['di_id'], ['__count']))
        for di in self:
            di.gap_count = counts.get(di._origin, 0)

    def _search_gap_count(self, operator, value):
        if operator not in ('=', '!=', '>') or value:
            return NotImplemented
        gaps = self.env['med.udi.gap']._search([])
        return [('id', 'not in' if operator == '=' else 'in', gaps.subselect('di_id'))]

    def action_view_gaps(self):
        """Open what is missing, by market."""
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Missing Data"),
            'res_model': 'med.udi.gap', 'views': [(False, 'list')],
            'domain': [('di_id', 'in', self.ids)],
            'context': {'group_by': 'jurisdiction_id'},
        }

    @api.model
    @api.readonly
    def completeness(self, market: str, device_identifiers: list = ()):
        """Return what a market's database or law asks for and device identifiers lack.

        Counted are those in draft or active use that are meant for the market, of the companies of
        the caller.

        :param market: code of a jurisdiction: ``CN``, ``US``, ``EU``
        :param device_identifiers: only these, in canonical form; empty for all
        :return: ``{"market", "total", "complete", "missing": {identifier: [element, …]},
            "elements": {element: {"label", "source"}}, "version": 1}``
        :raise UserError: an argument cannot be used
        """
        self.browse().check_access('read')
        if not isinstance(device_identifiers, (list, tuple)) or not all(
                isinstance(name, str) for name in device_identifiers):
            raise UserError(self.env._("device_identifiers must be a list of texts."))
        jurisdiction = self.env['med.jurisdiction']._med_get(market)
        domain = Domain('market_ids', 'in', jurisdiction.ids) & Domain('state', '!=', 'retired')
        if device_identifiers:
            domain &= Domain('name', 'in', list(device_identifiers))
        devices = self.with_context(active_test=True).search_fetch(domain, ['name'])
        names = {di.id: di.name for di in devices}
        rows = self.env['med.udi.requirement']._in_force().filtered(
            lambda row: row.jurisdiction_id == jurisdiction)
        paths = {row.id: row.path for row in rows}
        query = self.env['med.udi.gap']._select_missing(rows)
        missing = {}
        for di_id, row_id in self.env.execute_query(SQL(
                "SELECT di_id, requirement_id FROM (%s) AS gap ORDER BY di_id, id",
                query)) if query else ():
            if di_id in names:
                missing.setdefault(names[di_id], []).append(paths[row_id])
        asked = {path for found in missing.values() for path in found}
        return {
            'market': jurisdiction.code, 'total': len(devices),
            'complete': len(devices) - len(missing), 'missing': missing,
            'elements': {row.path: {'label': row.name, 'source': row.source} for row in rows
                         if row.path in asked},
            'version': CONTRACT_VERSION,
        }
