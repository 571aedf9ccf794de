from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.times import iso
from .med_day import VERSION

MOST = 100


class MedDay(models.AbstractModel):
    _inherit = 'med.day'

    @api.model
    def audit(self, query=''):
        """Give what an auditor may read, and the lots that a number or a UDI names.

        Every search is an entry of the audit trail.

        :param str query: number of a lot or serial or a part of it (three characters at least), or
            a UDI; '' finds nothing
        :return: ``{"version", "start", "companies", "window": {"from", "until", "reason",
            "granted_by"} (empty for who is no auditor), "now", "lots": [{"id", "name", "product",
            "company", "batch", "expiration", "supplier_lot", "events"}], "more"}``
        """
        self._med_page('audit')
        if not isinstance(query, str):
            raise UserError(self.env._("query must be a text."))
        query = query.strip()
        lots = self._med_audited_lots(query) if query else self.env['stock.lot']
        if query:
            self.env['med.audit.entry']._record_event(
                'audit_search', None, {'query': query[:200], 'found': len(lots)})
        granted = self.env.user._med_open_access()[:1]
        events = dict(self.env['med.genealogy.line']._read_group(
            [('lot_id', 'in', lots.ids)], ['lot_id'], ['event_id:count_distinct']))
        return {
            'version': VERSION, 'start': self._med_is_start('audit'),
            'companies': self.env.companies.mapped('name'), 'now': iso(fields.Datetime.now()),
            'window': {
                'from': iso(granted.date_from), 'until': iso(granted.date_until),
                'reason': granted.reason, 'granted_by': granted.create_uid.name,
            } if granted else {},
            'more': len(lots) > MOST,
            'lots': [{
                'id': lot.id, 'name': lot.name, 'product': lot.product_id.display_name,
                'company': lot.company_id.name or '', 'batch': lot.med_batch or '',
                'supplier_lot': lot.med_supplier_lot or '',
                'expiration': iso(lot.expiration_date), 'events': events.get(lot, 0),
            } for lot in lots[:MOST]]}

    @api.model
    def _med_audited_lots(self, query):
        if len(query) < 3:
            raise UserError(self.env._("Type at least three characters of the number."))
        lots, products = self._med_named(query)
        if not lots and products:
            return lots.search([('product_id', 'in', products.ids)], limit=MOST + 1)
        return lots or lots.search(
            ['|', ('name', 'ilike', query), ('product_id.name', 'ilike', query)], limit=MOST + 1)
