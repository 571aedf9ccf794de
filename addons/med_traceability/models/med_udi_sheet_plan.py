from dataclasses import dataclass, field
from itertools import zip_longest

from odoo import api, models

from ..tools import udi, udi_sheet

LINKS = ('contains_id', 'previous_id', 'relabelled_from_id')
"""Fields that refer to another device identifier, maybe of the same sheet."""


@dataclass
class Entry:
    """One row of the sheet: what it says of one device identifier.

    :ivar failed: columns whose cell could not be read; what follows from that is not told twice
    """
    row: int
    issuer: str = 'gs1'
    name: str = ''
    values: dict = field(default_factory=dict)
    registrations: dict = field(default_factory=dict)
    record: object = None
    failed: set = field(default_factory=set)


@dataclass
class Plan:
    """What loading a sheet would do.

    :ivar errors: ``[(row number, heading of the column, content, reason), …]``
    :ivar numbers: ``{(issuer, number): first row}`` of the sheet, also of rows with errors
    :ivar linked: ``{(issuer, number): record}`` that rows of the sheet refer to
    """
    entries: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    numbers: dict = field(default_factory=dict)
    linked: dict = field(default_factory=dict)
    created: int = 0
    changed: int = 0
    unchanged: int = 0


class MedUdiSheet(models.AbstractModel):
    """Reading a spreadsheet of device identifiers, without writing anything."""

    _inherit = 'med.udi.sheet'

    # ------------------------------------------------------------------ what the file says

    @api.model
    def _plan(self, filename, data, blank_clears=False):
        """Return the ``Plan`` of a file; nothing is written.

        :param bool blank_clears: an empty cell empties the field of an existing device identifier
        """
        plan = Plan()
        try:
            rows = udi_sheet.read_rows(filename, data)
        except udi_sheet.SheetError as error:
            plan.errors.append((0, '', filename, self._reason(error)))
            return plan
        if not rows:
            plan.errors.append((0, '', filename, self.env._("The file is empty.")))
            return plan
        columns = self._read_heading(*rows[0], plan)
        if plan.errors:
            return plan
        readers = self._item_readers()
        plan.entries = [self._read_entry(row, cells, columns, readers, plan)
                        for row, cells in rows[1:]]
        if not blank_clears:
            for entry in plan.entries:
                entry.values = self._filled(entry.values)
                entry.registrations = {market: self._filled(values)
                                       for market, values in entry.registrations.items()}
        self._identify(plan)
        self._resolve(plan, {column.key: column for column in columns if column})
        self._check(plan, {column.key: column.label for column in columns if column})
        plan.errors.sort(key=lambda error: error[0])
        if not plan.errors:
            self._compare(plan)
        return plan

    def _read_heading(self, row, cells, plan):
        """Return the column of each cell of the heading; keys and labels of any language do."""
        markets = self.env['med.jurisdiction'].search([])
        columns = {column.key: column for column in self._columns(markets)}
        known = {}
        for env in self._envs():
            for column in self.with_env(env)._columns(markets.with_env(env)):
                known.setdefault(column.label.lower(), columns[column.key])
        known.update({key.lower(): column for key, column in columns.items()})
        known.update({column.label.lower(): column for column in columns.values()})
        found = []
        for cell in cells:
            text = udi_sheet.cell_text(cell)
            column = known.get(text.lower())
            if text and not column:
                plan.errors.append((row, text, text, self.env._(
                    "There is no such column: the template shows all of them.")))
            if column and column in found:
                plan.errors.append((row, text, text, self.env._("The column is there twice.")))
            found.append(column)
        if columns['name'] not in found:
            plan.errors.append((row, columns['name'].label, '', self.env._(
                "The column with the device identifiers is missing.")))
        return found

    def _read_entry(self, row, cells, columns, readers, plan):
        entry = Entry(row)
        for column, cell in zip_longest(columns, cells):
            text = udi_sheet.cell_text(cell)
            if not column:
                if text:
                    plan.errors.append((row, '', text, self.env._(
                        "There is no heading above this cell.")))
                continue
            market, _dot, name = column.key.rpartition('.')
            values = entry.registrations.setdefault(market, {}) if market else entry.values
            if not text:
                values[name] = None
                continue
            try:
                reader = readers.get(column.kind)
                values[name] = reader(text) if reader else udi_sheet.read_cell(column, text)
            except udi_sheet.SheetError as error:
                entry.failed.add(column.key)
                plan.errors.append((row, column.label, text, self._reason(error)))
        for market in [market for market, values in entry.registrations.items()
                       if not any(values.values())]:
            del entry.registrations[market]
        return entry

    def _reason(self, error):
        """Return the sentence for a ``udi_sheet.SheetError``."""
        return {
            'file': self.env._("This is neither an XLSX workbook nor a CSV file."),
            'rows': self.env._("The file has more than %s rows: split it.", error.detail),
            'encoding': self.env._("The text of the file is neither UTF-8 nor GB 18030."),
            'boolean': self.env._("Write Yes or No."),
            'number': self.env._("Write a whole number from 0."),
            'date': self.env._("Write a date as 2026-12-31."),
            'word': self.env._("Write one of: %s.", error.detail),
            'item': self.env._("\"%s\" cannot be read: the template shows how it is written.",
                               error.detail),
        }[error.code]

    def _number_reason(self, error):
        return self.env['med.udi']._med_error_text(error)

    # ------------------------------------------------------------------ which device

    def _identify(self, plan):
        """Give each entry its canonical number and the record that bears it already."""
        seen, good = {}, []
        label = self._column('med.udi.di', 'name', '', '').label
        for entry in plan.entries:
            text = entry.values.pop('name', None) or ''
            entry.issuer = entry.values.pop('issuer', None) or 'gs1'
            if not text:
                plan.errors.append((entry.row, label, '', self.env._(
                    "The device identifier is missing.")))
                continue
            try:
                entry.name = udi.check_di(entry.issuer, text)
            except udi.UdiError as error:
                entry.name = text
                seen.setdefault((entry.issuer, text), entry.row)
                plan.errors.append((entry.row, label, text, self._number_reason(error)))
                continue
            first = seen.setdefault((entry.issuer, entry.name), entry.row)
            if first != entry.row:
                plan.errors.append((entry.row, label, text, self.env._(
                    "Row %s has the same device identifier.", first)))
                continue
            good.append(entry)
        existing = self._existing([entry.name for entry in good])
        mine = self.env['med.udi.di'].browse(
            record.id for record in existing.values())._filtered_access('read')
        for entry in good:
            record = existing.get((entry.issuer, entry.name))
            if record and record not in mine:
                plan.errors.append((entry.row, label, entry.name, self.env._(
                    "This number has been given to a device of another company.")))
            entry.record = record and record.sudo(False)
        plan.entries = good
        plan.numbers = seen

    def _existing(self, names):
        """Return ``{(issuer, number): device identifier}``, of all companies, archived ones too."""
        found = self.env['med.udi.di'].sudo().with_context(active_test=False).search_fetch(
            [('name', 'in', names)], ['issuer', 'name', 'state', 'product_id', 'level',
                                      'contains_id', 'contained_quantity'])
        return {(record.issuer, record.name): record.with_context(active_test=True)
                for record in found}

    # ------------------------------------------------------------------ what it refers to

    def _resolve(self, plan, columns):
        """Replace the names of products, packages and markets by the records they mean."""
        def column_values(name):
            return {entry.values[name] for entry in plan.entries if entry.values.get(name)}

        products = self._products(column_values('product_id'))
        basics = {basic.name: basic.id for basic in self.env['med.udi.basic'].search(
            [('name', 'in', list(column_values('basic_id')))])}
        markets = {market.code: market.id for market in self.env['med.jurisdiction'].search([])}
        linked = {}
        for entry in plan.entries:
            for name in LINKS:
                if entry.values.get(name):
                    linked[entry.issuer, entry.values[name]] = self._canonical(
                        entry.issuer, entry.values[name])
        existing = self._existing(list(set(linked.values())))

        def fail(entry, name, reason):
            text = entry.values.pop(name)
            entry.failed.add(name)
            plan.errors.append((entry.row, columns[name].label, str(text), reason))

        for entry in plan.entries:
            values = entry.values
            if values.get('product_id'):
                found = products.get(values['product_id'], ())
                if len(found) == 1:
                    values['product_id'] = found[0]
                else:
                    fail(entry, 'product_id', self.env._("Several products have this name or "
                         "number.") if found else self.env._("There is no such product."))
            if values.get('basic_id'):
                if values['basic_id'] in basics:
                    values['basic_id'] = basics[values['basic_id']]
                else:
                    fail(entry, 'basic_id', self.env._("There is no such Basic UDI-DI."))
            if values.get('market_ids'):
                codes = values['market_ids'].replace(',', ';').split(';')
                codes = [code.strip().upper() for code in codes if code.strip()]
                if set(codes) <= set(markets):
                    values['market_ids'] = sorted(markets[code] for code in set(codes))
                else:
                    fail(entry, 'market_ids', self.env._(
                        "Write codes of markets: %s.", '; '.join(markets)))
            for name in LINKS:
                if values.get(name):
                    key = (entry.issuer, linked[entry.issuer, values[name]])
                    if key in plan.numbers or key in existing:
                        values[name] = key
                    else:
                        fail(entry, name, self.env._(
                            "There is no such device identifier, neither here nor in the file."))
        plan.linked = existing

    def _canonical(self, issuer, text):
        try:
            return udi.check_di(issuer, text)
        except udi.UdiError:
            return text

    def _products(self, texts):
        """Return ``{text: [id, …]}`` of products with this reference, else barcode, else name."""
        found, texts = {}, list(texts)
        for name in ('default_code', 'barcode', 'name'):
            rest = [text for text in texts if text not in found]
            if rest:
                for product in self.env['product.product'].search_fetch(
                        [(name, 'in', rest)], [name]):
                    found.setdefault(product[name], []).append(product.id)
        return found
