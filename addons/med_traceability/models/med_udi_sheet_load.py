from hashlib import sha256

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import split_every

from ..tools import udi_sheet
from .med_udi_sheet import PACKED
from .med_udi_sheet_plan import LINKS

BATCH = 1000
REQUIRED = {'issuer', 'state', 'level', 'device_kind'}
"""Fields that an empty cell leaves as they are, whatever is asked for."""

SILENT = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True}
"""Ten thousand notes in the chatter help nobody; the audit trail has each value."""


class MedUdiSheet(models.AbstractModel):
    """Putting a spreadsheet of device identifiers into the database: all of it, or nothing."""

    _inherit = 'med.udi.sheet'

    @api.model
    def _load(self, filename, data, blank_clears=False):
        """Load a file and return the ``Plan`` that was carried out; with errors nothing is.

        :raises AccessError: the user does not keep device identifiers
        """
        if not self.env['med.udi.di'].has_access('create'):
            raise AccessError(self.env._("Only regulatory affairs loads device identifiers."))
        plan = self._plan(filename, data, blank_clears)
        if plan.errors or not plan.entries:
            return plan
        self.with_context(**SILENT)._carry_out(plan)
        self.env['med.audit.entry']._record_event('import', None, {
            'model': 'med.udi.di', 'file': filename, 'sha256': sha256(data).hexdigest(),
            'created': plan.created, 'changed': plan.changed, 'unchanged': plan.unchanged})
        return plan

    # ------------------------------------------------------------------ carrying it out

    def _compare(self, plan):
        """Leave in each entry only what differs from its record, and count."""
        existing = self.env['med.udi.di'].union(
            *[entry.record for entry in plan.entries if entry.record])
        registrations = self._open_registrations(existing)
        markets = {market.code: market.id for market in self.env['med.jurisdiction'].search([])}
        for entry in plan.entries:
            entry.registrations = {
                markets[market]: values for market, values in entry.registrations.items()}
            if not entry.record:
                plan.created += 1
                continue
            entry.values = {name: value for name, value in entry.values.items()
                            if self._differs(entry.record, name, value)}
            kept = {}
            for market, values in entry.registrations.items():
                row = registrations.get((entry.record.id, market))
                values = {name: value for name, value in values.items()
                          if not row and value is not None
                          or row and self._differs(row, name, value)}
                if values:
                    kept[market] = (row, values)
            entry.registrations = kept
            if entry.values or kept:
                plan.changed += 1
            else:
                plan.unchanged += 1

    def _differs(self, record, name, value):
        field_, old = record._fields[name], record[name]
        if value is None:
            return name not in REQUIRED and bool(old)
        if name in PACKED:
            pack = getattr(udi_sheet, f'pack_{PACKED[name]}')
            return pack(value) != pack(old)
        if name in LINKS:
            return value != ((old.issuer, old.name) if old else False)
        if field_.type == 'many2many':
            return value != sorted(old.ids)
        if field_.type == 'many2one':
            return value != old.id
        if field_.type == 'date':
            return value != (old.isoformat() if old else '')
        return value != old

    def _carry_out(self, plan):
        """Create and write what a plan without errors says.

        What contains, replaces or relabels another is made after it; packages become active last,
        since what they contain must be in use.
        """
        Di = self.env['med.udi.di']
        ids = {key: record.id for key, record in plan.linked.items()}
        ids.update({(entry.issuer, entry.name): entry.record.id
                    for entry in plan.entries if entry.record})
        changed = [entry for entry in plan.entries if entry.record]
        waiting = [entry for entry in plan.entries if not entry.record]
        states = {}
        while waiting:
            ready = [entry for entry in waiting if all(
                entry.values[name] in ids for name in LINKS if entry.values.get(name))]
            if not ready:
                raise UserError(self.env._(
                    "Device identifiers of the file replace or relabel each other in a circle."))
            for batch in split_every(BATCH, ready, list):
                vals = [self._prepare_create(entry, ids) for entry in batch]
                for entry, di in zip(batch, Di.create(vals), strict=True):
                    ids[entry.issuer, entry.name] = di.id
                    if entry.values.get('state', di.state) != di.state:
                        states.setdefault(entry.values['state'], []).append(di.id)
            made = {id(entry) for entry in ready}
            waiting = [entry for entry in waiting if id(entry) not in made]
        for entry in changed:
            vals = self._prepare_write(entry, ids)
            if 'state' in vals:
                states.setdefault(vals.pop('state'), []).append(entry.record.id)
            if vals:
                entry.record.write(vals)
        for state, numbers in states.items():
            Di.browse(numbers).write({'state': state})

    def _prepare_values(self, entry, ids):
        vals = {}
        for name, value in entry.values.items():
            if value is None:
                if name in REQUIRED:
                    continue
                value = False
            if name in LINKS and value:
                value = ids[value]
            elif name in PACKED:
                value = [Command.create(dict(row)) for row in value or ()]
            elif name == 'market_ids':
                value = [Command.set(value or [])]
            vals[name] = value
        return vals

    def _prepare_create(self, entry, ids):
        vals = {name: value for name, value in self._prepare_values(entry, ids).items()
                if value is not False}
        if vals.get('contains_id'):
            vals.pop('state', None)
        if entry.registrations:
            vals['registration_ids'] = [
                Command.create(self._prepare_registration(market, values))
                for market, values in entry.registrations.items()]
        if 'product_id' not in vals and vals.get('contains_id'):
            vals['product_id'] = self.env['med.udi.di'].browse(vals['contains_id']).product_id.id
        product = self.env['product.product'].browse(vals.get('product_id'))
        # what is given need not be worked out row by row: a third of the time
        return {'product_id': False, 'company_id': product.company_id.id, **vals,
                'issuer': entry.issuer, 'name': entry.name}

    def _prepare_registration(self, market, values):
        values = self._filled(values)
        jurisdiction = self.env['med.jurisdiction'].browse(market)
        return {'jurisdiction_id': market, 'registrant_name': False,
                'database': self.env['med.udi.registration']._get_database(jurisdiction), **values}

    def _prepare_write(self, entry, ids):
        vals = self._prepare_values(entry, ids)
        for name in PACKED.keys() & vals.keys():
            gone = entry.record[name]
            if name == 'alias_ids':  # a number stays with its device: only what is gone goes
                wanted = {(row['issuer'], row['name']): row for row in entry.values[name] or ()}
                gone = gone.filtered(lambda row, w=wanted: (row.issuer, row.name) not in w)
                old = {(row.issuer, row.name) for row in entry.record[name]}
                vals[name] = [Command.create(row) for key, row in wanted.items() if key not in old]
            vals[name] = [*(Command.delete(row.id) for row in gone), *vals[name]]
        for market, (row, values) in entry.registrations.items():
            command = Command.update(row.id, {
                name: value or False for name, value in values.items()
                if value is not None or name != 'state'}) if row else Command.create(
                    self._prepare_registration(market, values))
            vals.setdefault('registration_ids', []).append(command)
        return vals

    def _filled(self, values):
        return {name: value for name, value in values.items() if value is not None}
