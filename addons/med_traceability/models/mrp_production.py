from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .stock_move import POSTING

VERSION = 1
SOURCES = ('scan', 'rpc')


class MrpProduction(models.Model):
    _inherit = 'mrp.production'

    def _post_inventory(self, cancel_backorder=False):
        posting = self.with_context(med_posting=POSTING)
        res = super(MrpProduction, posting)._post_inventory(cancel_backorder=cancel_backorder)
        moves = (self.move_raw_ids | self.move_finished_ids).filtered(lambda m: m.state == 'done')
        self.env['med.genealogy']._post(moves.move_line_ids)
        return res

    # ------------------------------------------------------------------ public

    def med_record_parts(self, parts, source='rpc'):
        """Record which part went into which unit of this order.

        :param list parts: dicts ``{"unit": serial name or lot id, "part": lot or serial name or
            id, "product_id": id of the part's product where its name is not enough,
            "quantity": in the product's unit, 1 if left out}``
        :param str source: ``scan`` or ``rpc``
        :return: ``{"version": 1, "recorded": n, "already": n, "open": [names of units that still
            lack parts]}``
        :raise UserError: names the unit or part that does not fit; nothing is recorded then
        """
        self._med_check_order('write')
        if source not in SOURCES:
            raise UserError(self.env._("The source must be one of: %s.", ", ".join(SOURCES)))
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise UserError(self.env._("The parts must be a list of objects with unit and part."))
        units, components = self._med_units(), self._med_components()
        rows = []
        for part in parts:
            unit = self._med_find_lot(part.get('unit'), units, False, self.env._("unit"))
            used = self._med_find_lot(
                part.get('part'), components, part.get('product_id'), self.env._("part"))
            quantity = part.get('quantity', 1.0)
            if isinstance(quantity, bool) or not isinstance(quantity, (int, float)) \
                    or not 0 < quantity < 1e12:
                raise UserError(self.env._(
                    "The quantity of part %s must be a number above zero.", used.name))
            rows.append((unit, used, quantity))
        return self._med_record(rows, source)

    def med_assign_parts(self, rule='sequence'):
        """Assign the parts nobody recorded yet: the nth unit takes the next parts in order.

        :param str rule: ``sequence``: units and parts each in the order of their name
        :return: as `med_record_parts`
        """
        self._med_check_order('write')
        if rule != 'sequence':
            raise UserError(self.env._("The only rule is: sequence."))
        consumed, recorded = self._med_consumed(), self._med_recorded_by_part()
        pools = defaultdict(list)
        for lot in sorted(consumed, key=lambda lot: (lot.name, lot.id)):
            left = consumed[lot] - recorded[lot.id]
            if left > 0:
                pools[lot.product_id.id].append([lot, left])
        rows = []
        for unit in self._med_units().sorted('name'):
            for need in self._med_needs(unit):
                missing = need['quantity'] - need['recorded']
                while missing > 1e-6 and pools[need['product_id']]:
                    head = pools[need['product_id']][0]
                    taken = min(missing, head[1])
                    rows.append((unit, head[0], taken))
                    missing -= taken
                    head[1] -= taken
                    if head[1] <= 1e-6:
                        pools[need['product_id']].pop(0)
        return self._med_record(rows, 'rule')

    def med_remove_part(self, link_id, reason):
        """Take a recorded part back; the record is superseded, not erased.

        :param int link_id: id as given by `med_parts`
        :param str reason: why
        :return: ``{"version": 1, "removed": 1}``
        """
        self._med_check_order('write')
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why this part is taken back."))
        link = self.env['med.genealogy.link'].sudo().search(
            [('id', '=', link_id), ('production_id', '=', self.id), ('active', '=', True)]) \
            if type(link_id) is int else self.env['med.genealogy.link']
        if not link:
            raise UserError(self.env._(
                "There is no recorded part with id %(id)s in order %(order)s.",
                id=link_id, order=self.name))
        self._med_one_at_a_time()
        link.write({
            'active': False, 'superseded_date': self.env.cr.now(),
            'superseded_uid': self.env.uid, 'superseded_reason': reason.strip(),
        })
        self._med_links_changed()
        return {'version': VERSION, 'removed': 1}

    @api.readonly
    def med_parts(self):
        """Tell what is recorded, and what is still open, for each unit of this order.

        :return: ``{"version", "production", "units": [{"lot_id", "name", "complete", "parts",
            "needs"}], "available": [{"lot_id", "name", "product_id", "product", "quantity",
            "unassigned"}]}``
        """
        self._med_check_order('read')
        links = defaultdict(list)
        for link in self._med_links():
            links[link.output_lot_id.id].append({
                'link_id': link.id, 'lot_id': link.input_lot_id.id,
                'name': link.input_lot_id.name, 'product_id': link.input_lot_id.product_id.id,
                'product': link.input_lot_id.product_id.display_name,
                'quantity': link.quantity, 'source': link.source,
                'user': link.user_id.name,
                'date': link.create_date.strftime('%Y-%m-%dT%H:%M:%SZ'),
            })
        units = []
        for unit, needs in self._med_all_needs().items():
            units.append({
                'lot_id': unit.id, 'name': unit.name, 'parts': links[unit.id], 'needs': needs,
                'complete': all(need['recorded'] >= need['quantity'] for need in needs),
            })
        recorded = self._med_recorded_by_part()
        return {
            'version': VERSION,
            'production': {'id': self.id, 'name': self.name, 'state': self.state,
                           'product': self.product_id.display_name},
            'units': units,
            'available': [{
                'lot_id': lot.id, 'name': lot.name, 'product_id': lot.product_id.id,
                'product': lot.product_id.display_name, 'quantity': quantity,
                'unassigned': round(quantity - recorded[lot.id], 6),
            } for lot, quantity in sorted(
                self._med_consumed().items(), key=lambda item: (item[0].name, item[0].id))],
        }

    def _med_check_order(self, operation):
        """Raise, in one sentence, unless this is one order that the user may read or write."""
        self.browse().check_access(operation)
        if len(self) != 1 or type(self._ids[0]) is not int or not self.exists():
            raise UserError(self.env._("Name one manufacturing order, by its id."))
        self.check_access(operation)

    # ------------------------------------------------------------------ recording

    def _med_record(self, rows, source):
        """Create the links of `rows` (unit, part, quantity) and let them take effect."""
        self._med_one_at_a_time()
        consumed, recorded = self._med_consumed(), self._med_recorded_by_part()
        known = {(link.output_lot_id.id, link.input_lot_id.id) for link in self._med_links()}
        where = {link.input_lot_id.id: link.output_lot_id.name for link in self._med_links()}
        values, already = [], 0
        for unit, part, quantity in rows:
            if (unit.id, part.id) in known:
                already += 1
                continue
            recorded[part.id] += quantity
            if recorded[part.id] > consumed[part] + 1e-6:
                if part.product_id.tracking == 'serial':
                    raise UserError(self.env._(
                        "%(part)s is already recorded in unit %(other)s.",
                        part=part.name, other=where.get(part.id, unit.name)))
                raise UserError(self.env._(
                    "Order %(order)s takes %(consumed)s of lot %(part)s, and %(recorded)s would "
                    "be recorded.", order=self.name, consumed=consumed[part], part=part.name,
                    recorded=recorded[part.id]))
            known.add((unit.id, part.id))
            where[part.id] = unit.name
            values.append({
                'production_id': self.id, 'output_lot_id': unit.id, 'input_lot_id': part.id,
                'quantity': quantity, 'source': source, 'user_id': self.env.uid, 'active': True,
                'event_id': False,
            })
        if values:
            self.env['med.genealogy.link'].sudo().create(values)
            self._med_links_changed()
        return {
            'version': VERSION, 'recorded': len(values), 'already': already,
            'open': [unit.name for unit, needs in self._med_all_needs().items()
                     if any(need['recorded'] < need['quantity'] for need in needs)],
        }

    def _med_one_at_a_time(self):
        """Let whoever records parts of this order at the same time start again and see ours."""
        self.env.cr.execute(
            "UPDATE mrp_production SET write_date = write_date WHERE id = %s", [self.id])

    def _med_links_changed(self):
        """Let a change of recorded parts take effect in a posted order."""
        self.env.flush_all()
        self.env['med.genealogy']._apply_links(
            SQL("e.res_model = 'mrp.production' AND e.res_id = %s", self.id))
        self.env.invalidate_all()
        finished = self.move_finished_ids.move_line_ids.filtered(lambda li: li.state == 'done')
        consumed = self.move_raw_ids.move_line_ids.filtered(lambda li: li.state == 'done')
        if finished and consumed:
            finished.sudo().write({'consume_line_ids': [(6, 0, consumed.ids)]})

    def _med_find_lot(self, value, lots, product_id, what):
        """Return the one lot of `lots` that a name or id means."""
        found = lots.browse()
        if isinstance(value, int) and not isinstance(value, bool):
            found = lots & lots.browse(value)
        elif isinstance(value, str):
            found = self._med_by_name(lots).get(value.strip(), lots.browse())
        if product_id:
            found = found.filtered(lambda lot: lot.product_id.id == product_id)
        if not found:
            raise UserError(self.env._(
                "Order %(order)s has no %(what)s %(value)s. Check the label, or add it to the "
                "order first.", order=self.name, what=what, value=value))
        if len(found) > 1:
            raise UserError(self.env._(
                "%(value)s names several products in order %(order)s (%(products)s): give the "
                "product too.", value=value, order=self.name,
                products=", ".join(found.product_id.mapped('display_name'))))
        return found

    def _med_by_name(self, lots):
        """Return ``{name: lots}``."""
        return lots.grouped('name')

    # ------------------------------------------------------------------ what the order knows

    def _med_units(self):
        """Return the lots and serials of the product this order makes, or made."""
        done = self.move_finished_ids.filtered(
            lambda move: move.product_id == self.product_id and move.state == 'done')
        return (done.move_line_ids.lot_id or self.lot_producing_ids).sorted('id')

    def _med_components(self):
        """Return the lots this order consumes, or consumed."""
        return self.move_raw_ids.filtered(lambda m: m.state != 'cancel').move_line_ids.lot_id

    def _med_consumed(self):
        """Return ``{lot: quantity consumed or reserved}`` in the unit of the product."""
        consumed = defaultdict(float)
        for line in self.move_raw_ids.filtered(lambda m: m.state != 'cancel').move_line_ids:
            if line.lot_id:
                consumed[line.lot_id] += line.quantity_product_uom
        return consumed

    def _med_links(self):
        return self.env['med.genealogy.link'].sudo().search(
            [('production_id', 'in', self.ids), ('active', '=', True)])

    def _med_recorded_by_part(self):
        """Return ``{lot id: quantity recorded into units of this order}``."""
        recorded = defaultdict(float)
        for link in self._med_links():
            recorded[link.input_lot_id.id] += link.quantity
        return recorded

    def _med_parts_by_unit(self):
        """Return ``{unit lot id: {part lot id: product id}}`` of the recorded parts."""
        parts = defaultdict(dict)
        for link in self._med_links():
            parts[link.output_lot_id.id][link.input_lot_id.id] = link.input_lot_id.product_id.id
        return dict(parts)

    def _med_spent_lots(self):
        """Return the ids of lots that are recorded into units in full."""
        recorded = self._med_recorded_by_part()
        return {lot.id for lot, quantity in self._med_consumed().items()
                if recorded[lot.id] >= quantity - 1e-6}

    def _med_needs(self, unit):
        """Return what `unit` needs recorded, see `_med_all_needs`."""
        return self._med_all_needs().get(unit, [])

    def _med_all_needs(self):
        """Return ``{unit: [{product_id, product, quantity, recorded}]}``.

        A product needs recording when the order takes several lots of it: with one lot there is
        no other way. The share of a unit is what the order takes, divided by what it makes.
        """
        lots, totals = defaultdict(set), defaultdict(float)
        for lot, quantity in self._med_consumed().items():
            lots[lot.product_id].add(lot.id)
            totals[lot.product_id] += quantity
        units = self._med_units()
        made = defaultdict(float)
        for line in self.move_finished_ids.move_line_ids:
            if line.lot_id in units and line.product_id == self.product_id:
                made[line.lot_id.id] += line.quantity_product_uom
        for unit in units:
            made[unit.id] = made[unit.id] or 1.0
        whole = sum(made.values()) or 1.0
        recorded = defaultdict(float)
        for link in self._med_links():
            recorded[link.output_lot_id.id, link.input_lot_id.product_id.id] += link.quantity
        products = [product for product in totals if len(lots[product]) > 1]
        return {
            unit: [{
                'product_id': product.id, 'product': product.display_name,
                'quantity': round(totals[product] * made[unit.id] / whole, 6),
                'recorded': round(recorded[unit.id, product.id], 6),
            } for product in products] if len(units) > 1 else []
            for unit in units
        }
