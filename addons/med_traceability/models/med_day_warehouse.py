from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.times import iso
from .med_day import VERSION

MOST = 200
"""Documents of one kind on the page; the list of transfers has all."""


class MedDay(models.AbstractModel):
    _inherit = 'med.day'

    @api.model
    def warehouse(self, day=''):
        """Give the receipts, picks and check-outs of a day: late ones first, with counts.

        :param str day: ISO date in the company's time zone; '' is today
        :return: ``{"version", "day", "zone", "company", "start" (it is the caller's start page),
            "groups": [{"key" (incoming, internal, outgoing), "open", "late", "done",
            "discrepancies", "left_out", "rows": [{"id", "name", "kind", "partner", "scheduled",
            "late", "state", "state_label", "origin", "lines", "products", "discrepancies"}]}]}``
        """
        self._med_page('warehouse')
        day, begin, end = self._med_window(day)
        states = dict(self.env['stock.picking']._fields['state']._description_selection(self.env))
        company = Domain('company_id', 'in', self.env.companies.ids)
        pickings = self.env['stock.picking'].search_fetch(
            company & Domain('state', 'in', ('confirmed', 'waiting', 'assigned'))
            & Domain('scheduled_date', '<', end)
            & Domain('picking_type_code', 'in', ('incoming', 'internal', 'outgoing')),
            ['name', 'partner_id', 'scheduled_date', 'state', 'origin', 'picking_type_id'],
            order='scheduled_date, id')
        moves = {picking.id: (count, products) for picking, count, products in self.env[
            'stock.move']._read_group(
                [('picking_id', 'in', pickings.ids), ('state', '!=', 'cancel')],
                ['picking_id'], ['__count', 'product_id:count_distinct'])}
        open_ones = self._med_open_discrepancies(pickings)
        done = dict(self.env['stock.picking']._read_group(
            company & Domain('state', '=', 'done') & Domain('date_done', '>=', begin)
            & Domain('date_done', '<', end), ['picking_type_id'], ['__count']))
        now = fields.Datetime.now()
        groups = []
        for key in ('incoming', 'internal', 'outgoing'):
            mine = pickings.filtered(lambda one, key=key: one.picking_type_id.code == key)
            rows = [{
                'id': picking.id, 'name': picking.name, 'kind': picking.picking_type_id.name,
                'partner': picking.partner_id.display_name or '',
                'scheduled': iso(picking.scheduled_date), 'late': picking.scheduled_date < now,
                'state': picking.state, 'state_label': states[picking.state],
                'origin': picking.origin or '', 'lines': moves.get(picking.id, (0, 0))[0],
                'products': moves.get(picking.id, (0, 0))[1],
                'discrepancies': open_ones.get(picking.id, 0),
            } for picking in mine]
            groups.append({
                'key': key, 'open': len(rows), 'late': sum(row['late'] for row in rows),
                'done': sum(count for kind, count in done.items() if kind.code == key),
                'discrepancies': sum(row['discrepancies'] for row in rows),
                'left_out': max(len(rows) - MOST, 0), 'rows': rows[:MOST]})
        return {
            'version': VERSION, 'day': day, 'zone': self._med_zone(),
            'company': ", ".join(self.env.companies.mapped('name')),
            'start': self._med_is_start('warehouse'), 'groups': groups}

    @api.model
    def _med_open_discrepancies(self, pickings):
        """Return {id of a transfer: how many of its discrepancies are open}."""
        return {picking.id: count for picking, count in self.env[
            'med.udi.discrepancy'].sudo()._read_group(
                [('picking_id', 'in', pickings.ids), ('state', '=', 'open')],
                ['picking_id'], ['__count'])}
