from odoo import models

from ..tools import udi
from .med_udi_sheet_plan import LINKS


class MedUdiSheet(models.AbstractModel):
    """What the records' own rules would refuse, said for each row of a spreadsheet."""

    _inherit = 'med.udi.sheet'

    def _check(self, plan, labels):
        """Add an error for each entry that the records' own rules would refuse."""
        by_key = {(entry.issuer, entry.name): entry for entry in plan.entries}
        aliases = self._taken_aliases(plan)
        for entry in plan.entries:
            for name, text, reason in (
                    *self._check_package(entry, plan, by_key), *self._check_state(entry),
                    *self._check_aliases(entry, aliases)):
                if name not in entry.failed:
                    plan.errors.append((entry.row, labels.get(name, name), text, reason))
            for market, values in entry.registrations.items():
                for first, last in (('date_from', 'date_to'),
                                    ('distribution_start', 'distribution_end')):
                    if values.get(first) and values.get(last) and values[first] > values[last]:
                        plan.errors.append((
                            entry.row, labels[f'{market}.{last}'], values[last],
                            self.env._("It ends before it begins.")))

    def _effective(self, entry, name, default=False):
        """Return the value after the load: the sheet's, else the record's, else the default."""
        value = entry.values.get(name)
        if value is not None:
            return value
        if not entry.record:
            return default
        value = entry.record.sudo()[name]
        return (value.issuer, value.name) if name in LINKS and value else (
            value.id if isinstance(value, models.BaseModel) else value)

    def _check_package(self, entry, plan, by_key):
        level = self._effective(entry, 'level', 'unit')
        inner = self._effective(entry, 'contains_id')
        if level == 'unit':
            if inner or self._effective(entry, 'contained_quantity'):
                yield ('contains_id', inner and inner[1] or '', self.env._(
                    "A base package contains no other package: choose another package level."))
            return
        if inner and not self._effective(entry, 'contained_quantity'):
            yield 'contained_quantity', '', self.env._(
                "Say how many packages this package contains.")
        chain = {(entry.issuer, entry.name)}
        while inner:
            if inner in chain:
                yield 'contains_id', inner[1], self.env._(
                    "A package cannot contain itself, not even inside another one.")
                return
            chain.add(inner)
            other = by_key.get(inner)
            inner = self._effective(other, 'contains_id') if other else self._contained(
                plan.linked.get(inner))

    def _contained(self, record):
        inner = record and record.sudo().contains_id
        return (inner.issuer, inner.name) if inner else False

    def _check_state(self, entry):
        state = self._effective(entry, 'state', 'draft')
        before = entry.record.state if entry.record else 'draft'
        if before != 'draft':
            if state == 'draft':
                yield 'state', state, self.env._(
                    "%s was in use and cannot be a draft again: retire it.", entry.name)
            product = entry.record.product_id
            if product and entry.values.get('product_id') not in (None, product.id):
                yield 'product_id', product.display_name, self.env._(
                    "%(di)s is in use or was: its number and product stay for ever. Make a new "
                    "device identifier instead.", di=entry.name)
        if state != 'active':
            return
        inner = self._effective(entry, 'contains_id')
        if not self._effective(entry, 'product_id') and not inner:
            yield 'product_id', '', self.env._(
                "%s cannot be active: say which product it identifies.", entry.name)
        if self._effective(entry, 'level', 'unit') != 'unit' and not inner:
            yield 'contains_id', '', self.env._(
                "%s cannot be active: say what the package contains.", entry.name)

    def _taken_aliases(self, plan):
        """Return ``{(issuer, number): numbers of the devices that bear it}``."""
        names = {row['name'] for entry in plan.entries
                 for row in entry.values.get('alias_ids') or ()}
        names |= {entry.name for entry in plan.entries}
        taken = {}
        for alias in self.env['med.udi.alias'].sudo().search([('name', 'in', list(names))]):
            taken.setdefault((alias.issuer, alias.name), set()).add(alias.di_id.name)
        for key in self._existing(list(names)):
            taken.setdefault(key, set()).add(key[1])
        for entry in plan.entries:
            taken.setdefault((entry.issuer, entry.name), set()).add(entry.name)
            for row in entry.values.get('alias_ids') or ():
                row['name'] = self._canonical(row['issuer'], row['name'])
                taken.setdefault((row['issuer'], row['name']), set()).add(entry.name)
        return taken

    def _check_aliases(self, entry, taken):
        rows = entry.values.get('alias_ids')
        for row in rows or ():
            try:
                udi.check_di(row['issuer'], row['name'])
            except udi.UdiError as error:
                yield 'alias_ids', row['name'], self._number_reason(error)
            if taken[row['issuer'], row['name']] != {entry.name}:
                yield 'alias_ids', row['name'], self.env._(
                    "%s is the device identifier of another device.", row['name'])
        if rows is not None and entry.record and entry.record.state != 'draft':
            kept = {(row['issuer'], row['name']) for row in rows}
            for alias in entry.record.alias_ids:
                if (alias.issuer, alias.name) not in kept:
                    yield 'alias_ids', alias.name, self.env._(
                        "%s belongs to a device in use: it is never given to another one.",
                        alias.name)
