from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.tables import Column, Table
from ..tools.times import iso
from ..tools.workbook import make_workbook
from .med_day import VERSION

MOST = 300
"""Orders and stops on the page; the workbook has all that the page has."""

MADE = """
    SELECT m.product_id, coalesce(m.workcenter, 0) AS workcenter, sum(m.quantity) AS quantity,
           array_agg(DISTINCT m.production_id) AS orders, bool_and(m.byproduct) AS byproduct
      FROM (SELECT l.product_id, l.quantity_product_uom AS quantity, p.id AS production_id,
                   l.product_id <> p.product_id AS byproduct,
                   (SELECT w.workcenter_id FROM mrp_workorder w
                     WHERE w.production_id = p.id AND w.state <> 'cancel'
                     ORDER BY w.sequence DESC NULLS FIRST, w.id DESC LIMIT 1) AS workcenter
              FROM stock_move s
              JOIN mrp_production p ON p.id = s.production_id
              JOIN stock_move_line l ON l.move_id = s.id AND l.state = 'done'
              JOIN stock_location f ON f.id = s.location_id AND f.usage = 'production'
             WHERE s.state = 'done' AND s.company_id = ANY(%(companies)s)
               AND l.date >= %(begin)s AND l.date < %(end)s) m
     GROUP BY 1, 2"""

SCRAPPED = """
    SELECT l.product_id, coalesce(w.workcenter_id, 0) AS workcenter,
           sum(l.quantity_product_uom) AS quantity
      FROM stock_scrap c
      JOIN stock_move s ON s.scrap_id = c.id AND s.state = 'done'
      JOIN stock_move_line l ON l.move_id = s.id AND l.state = 'done'
 LEFT JOIN mrp_workorder w ON w.id = c.workorder_id
     WHERE c.state = 'done' AND (c.production_id IS NOT NULL OR c.workorder_id IS NOT NULL)
       AND c.company_id = ANY(%(companies)s) AND l.date >= %(begin)s AND l.date < %(end)s
     GROUP BY 1, 2"""

TIMES = """
    SELECT t.workcenter_id AS workcenter, y.loss_type, sum(extract(epoch FROM
           least(coalesce(t.date_end, %(now)s), %(end)s) - greatest(t.date_start, %(begin)s)) / 60
           )::float AS minutes
      FROM mrp_workcenter_productivity t
      JOIN mrp_workcenter_productivity_loss o ON o.id = t.loss_id
      JOIN mrp_workcenter_productivity_loss_type y ON y.id = o.loss_id
     WHERE t.company_id = ANY(%(companies)s) AND t.date_start < %(end)s
       AND coalesce(t.date_end, %(now)s) > %(begin)s
     GROUP BY 1, 2"""


class MedDay(models.AbstractModel):
    _inherit = 'med.day'

    # ------------------------------------------------------------------ public

    @api.model
    def production(self, day='', time_from='00:00', time_to='24:00'):
        """Give the daily report of production: made, scrapped, stopped and open.

        :param str day: ISO date on which the shift begins, in the company's time zone; '' is today
        :param str time_from: ``HH:MM``
        :param str time_to: ``HH:MM``; not after ``time_from``: of the next day
        :return: ``{"version", "day", "time_from", "time_to", "begin", "end" (ISO, UTC), "zone",
            "company", "start", "totals": {"stopped_minutes", "productive_minutes", "open", "late",
            "blocked", "orders_done"}, "products": [{"product_id", "product", "uom", "made",
            "scrapped", "open", "orders", "byproduct"}], "workcenters": [{"workcenter_id", "name",
            "made", "scrapped", "productive_minutes", "stopped_minutes", "open", "blocked"}],
            "stops": [{"workcenter", "reason", "note", "begin", "end", "minutes", "order",
            "who"}], "stops_left_out", "orders": [{"id", "name", "product", "quantity", "made",
            "uom", "lots", "state", "state_label", "start", "deadline", "late", "waiting"}],
            "orders_left_out"}``; a quantity of a product is in its unit, that of a work centre a
            list of ``{"uom", "quantity"}``; what no work order made is of the work centre 0
        """
        self._med_page('production')
        day, begin, end = self._med_window(day, time_from, time_to)
        self.env.flush_all()
        now = fields.Datetime.now()
        span = {'begin': begin, 'end': end, 'now': now, 'companies': self.env.companies.ids}
        made, scrapped, times = (
            self.env.execute_query_dict(SQL(query, **span)) for query in (MADE, SCRAPPED, TIMES))
        orders = self._med_open_orders(end)
        stops, stops_left_out = self._med_stops(begin, end, now)
        order_rows = [self._med_order_row(order, now) for order in orders[:MOST]]
        late = orders.filtered(lambda one: one.date_deadline and one.date_deadline < now)
        centres = self._med_centre_rows(made, scrapped, times)
        return {
            'version': VERSION, 'day': day, 'time_from': time_from, 'time_to': time_to,
            'begin': iso(begin), 'end': iso(end), 'zone': self._med_zone(),
            'company': ", ".join(self.env.companies.mapped('name')),
            'start': self._med_is_start('production'),
            'totals': {
                'stopped_minutes': round(sum(row['minutes'] for row in times
                                             if row['loss_type'] in ('availability', 'quality'))),
                'productive_minutes': round(sum(
                    row['minutes'] for row in times
                    if row['loss_type'] in ('productive', 'performance'))),
                'open': len(orders), 'late': len(late),
                'blocked': sum(row['blocked'] for row in centres),
                'orders_done': len({order for row in made for order in row['orders']})},
            'products': self._med_product_rows(made, scrapped, orders),
            'workcenters': centres, 'stops': stops, 'stops_left_out': stops_left_out,
            'orders': order_rows, 'orders_left_out': len(orders) - len(order_rows)}

    # ------------------------------------------------------------------ parts of the report

    @api.model
    def _med_open_orders(self, end):
        """Return the orders that are not closed and were to begin by a moment, late ones first."""
        return self.env['mrp.production'].search_fetch([
            ('company_id', 'in', self.env.companies.ids),
            ('state', 'in', ('confirmed', 'progress', 'to_close')),
            ('date_start', '<', end),
        ], ['name', 'product_id', 'product_qty', 'product_uom_id', 'state', 'date_start',
            'date_deadline', 'reservation_state', 'qty_producing'],
            order='date_deadline NULLS LAST, date_start, id')

    @api.model
    def _med_order_row(self, order, now):
        states = dict(order._fields['state']._description_selection(self.env))
        return {
            'id': order.id, 'name': order.name, 'product': order.product_id.display_name,
            'quantity': order.product_qty, 'made': order.qty_produced,
            'uom': order.product_uom_id.name, 'state': order.state,
            'lots': ", ".join(order.lot_producing_ids[:5].mapped('name')),
            'state_label': states[order.state], 'start': iso(order.date_start),
            'deadline': iso(order.date_deadline),
            'late': bool(order.date_deadline and order.date_deadline < now),
            'waiting': order.state == 'confirmed' and order.reservation_state != 'assigned'}

    @api.model
    def _med_stops(self, begin, end, now):
        """Return what stopped work centres in a span, longest first, and how many are left out."""
        found = self.env['mrp.workcenter.productivity'].sudo().search([
            ('company_id', 'in', self.env.companies.ids),
            ('loss_type', 'in', ('availability', 'quality')), ('date_start', '<', end),
            '|', ('date_end', '=', False), ('date_end', '>', begin)])
        rows = sorted(({
            'workcenter': stop.workcenter_id.name, 'reason': stop.loss_id.name,
            'note': stop.description or '', 'begin': iso(stop.date_start),
            'end': iso(stop.date_end), 'order': stop.production_id.name or '',
            'who': stop.user_id.name or '',
            'minutes': round((min(stop.date_end or now, end)
                              - max(stop.date_start, begin)).total_seconds() / 60),
        } for stop in found), key=lambda row: -row['minutes'])
        return rows[:MOST], max(len(rows) - MOST, 0)

    @api.model
    def _med_product_rows(self, made, scrapped, orders):
        rows = {}

        def row(product_id):
            return rows.setdefault(product_id, {
                'made': 0.0, 'scrapped': 0.0, 'open': 0.0, 'orders': 0, 'byproduct': False})

        for line in made:
            one = row(line['product_id'])
            one['made'] += line['quantity']
            one['orders'] += len(line['orders'])
            one['byproduct'] = line['byproduct']
        for line in scrapped:
            row(line['product_id'])['scrapped'] += line['quantity']
        for order in orders:
            left = max(order.product_qty - order.qty_produced, 0)
            row(order.product_id.id)['open'] += order.product_uom_id._compute_quantity(
                left, order.product_id.uom_id)
        products = self.env['product.product'].sudo().browse(rows)
        return sorted(({
            'product_id': product.id, 'product': product.display_name, 'uom': product.uom_id.name,
            **{key: round(value, 6) if isinstance(value, float) else value
               for key, value in rows[product.id].items()},
        } for product in products), key=lambda one: (-one['made'], one['product']))

    @api.model
    def _med_centre_rows(self, made, scrapped, times):
        centres = self.env['mrp.workcenter'].sudo().search(
            [('company_id', 'in', [False, *self.env.companies.ids])])
        waiting = {centre.id: count for centre, count in self.env['mrp.workorder'].sudo(
        )._read_group([('workcenter_id', 'in', centres.ids),
                       ('state', 'in', ('blocked', 'ready', 'progress'))],
                      ['workcenter_id'], ['__count'])}
        minutes = {(line['workcenter'], line['loss_type']): line['minutes'] for line in times}
        rows = []
        for centre_id in (*centres.ids, 0):
            centre = centres.browse(centre_id)
            row = {
                'workcenter_id': centre_id,
                'name': centre.name if centre_id else self.env._("Without work orders"),
                'made': self._med_by_unit(made, centre_id),
                'scrapped': self._med_by_unit(scrapped, centre_id),
                'productive_minutes': round(sum(minutes.get((centre_id, kind), 0) for kind in (
                    'productive', 'performance'))),
                'stopped_minutes': round(sum(minutes.get((centre_id, kind), 0) for kind in (
                    'availability', 'quality'))),
                'open': waiting.get(centre_id, 0),
                'blocked': bool(centre_id) and centre.working_state == 'blocked'}
            if any(row[key] for key in (
                    'made', 'scrapped', 'productive_minutes', 'stopped_minutes', 'open',
                    'blocked')):
                rows.append(row)
        return rows

    @api.model
    def _med_by_unit(self, lines, centre_id):
        """Return the quantities of one work centre by unit: kilograms and pieces do not add up."""
        sums = {}
        for line in lines:
            if line['workcenter'] == centre_id:
                unit = self.env['product.product'].sudo().browse(line['product_id']).uom_id.name
                sums[unit] = sums.get(unit, 0) + line['quantity']
        return [{'uom': unit, 'quantity': round(quantity, 6)} for unit, quantity in sums.items()]

    # ------------------------------------------------------------------ files

    @api.model
    def _med_day_tables(self, answer):
        """Return the report as tables for a workbook and for paper; times are the company's."""
        _ = self.env._
        zone = self.with_context(tz=answer['zone'])

        def moment(text):
            return fields.Datetime.to_string(fields.Datetime.context_timestamp(
                zone, fields.Datetime.to_datetime(text[:19].replace('T', ' '))))[:16] \
                if text else ''

        def amounts(found):
            return ", ".join(f"{one['quantity']:g} {one['uom']}" for one in found)

        def table(key, title, columns, rows):
            return Table(key, title, tuple(Column(*column) for column in columns), tuple(rows))

        return (
            table('products', _("Products"), (
                ('product', _("Product")), ('made', _("Made"), 'number'),
                ('scrapped', _("Scrapped"), 'number'), ('open', _("Open"), 'number'),
                ('uom', _("Unit"))), [
                (row['product'], row['made'], row['scrapped'], row['open'], row['uom'])
                for row in answer['products']]),
            table('workcenters', _("Work centres"), (
                ('name', _("Work centre")), ('made', _("Made")), ('scrapped', _("Scrapped")),
                ('productive', _("Minutes productive"), 'number'),
                ('stopped', _("Minutes stopped"), 'number'),
                ('open', _("Open work orders"), 'number'), ('state', _("Status"))), [
                (row['name'], amounts(row['made']), amounts(row['scrapped']),
                 row['productive_minutes'], row['stopped_minutes'], row['open'],
                 _("Blocked") if row['blocked'] else '') for row in answer['workcenters']]),
            table('stops', _("Stopped"), (
                ('workcenter', _("Work centre")), ('reason', _("Reason")), ('remark', _("Note")),
                ('begin', _("From")), ('end', _("To")), ('minutes', _("Minutes"), 'number'),
                ('order', _("Order")), ('who', _("Recorded by"))), [
                (row['workcenter'], row['reason'], row['note'], moment(row['begin']),
                 moment(row['end']), row['minutes'], row['order'], row['who'])
                for row in answer['stops']]),
            table('orders', _("Open orders"), (
                ('name', _("Order")), ('product', _("Product")), ('lots', _("Lot/Serial")),
                ('quantity', _("Ordered"), 'number'), ('made', _("Made"), 'number'),
                ('uom', _("Unit")), ('state', _("Status")), ('deadline', _("Due"))), [
                (row['name'], row['product'], row['lots'], row['quantity'], row['made'],
                 row['uom'], row['state_label'], moment(row['deadline']))
                for row in answer['orders']]))

    @api.model
    def _med_day_filename(self, answer, extension):
        span = f"{answer['time_from']}-{answer['time_to']}".replace(':', '')
        return f"production_{answer['day']}_{span}.{extension}"

    @api.model
    def _med_day_xlsx(self, answer):
        """Return the report as the bytes of a workbook."""
        return make_workbook(self._med_day_tables(answer), {})

    @api.model
    def _med_day_pdf(self, answer):
        """Return the report as the bytes of a PDF."""
        _ = self.env._
        totals = answer['totals']
        return self.env['med.document']._render_pdf('med_traceability.day_document', {
            'title': _("Production daily report"), 'company': answer['company'],
            'subject': f"{answer['day']} {answer['time_from']}–{answer['time_to']}",
            'zone': answer['zone'],
            'summary': [
                (_("Orders with output"), totals['orders_done']),
                (_("Minutes productive"), totals['productive_minutes']),
                (_("Minutes stopped"), totals['stopped_minutes']),
                (_("Open orders"), totals['open']), (_("Late orders"), totals['late']),
                (_("Blocked work centres"), totals['blocked'])],
            'tables': [self.env['stock.lot']._med_print_table(table, {})
                       for table in self._med_day_tables(answer)]})
