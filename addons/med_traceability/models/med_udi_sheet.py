from odoo import api, models

from ..tools import tables, udi_sheet, workbook

DEVICE = (
    'name', 'issuer', 'state', 'product_id', 'level', 'contains_id', 'contained_quantity',
    'device_count', 'basic_id', 'market_ids', 'trade_name', 'version_model', 'catalogue_number',
    'description', 'device_kind', 'consumable', 'pi_lot', 'pi_serial', 'pi_expiry',
    'pi_manufactured', 'pi_software', 'pi_donation', 'sterile', 'sterilise_before_use',
    'sterilisation_method', 'implantable', 'life_supporting', 'single_use', 'max_reuses', 'mri',
    'latex', 'cmr', 'cmr_substances', 'critical_warnings', 'characteristics_confirmed', 'kit',
    'combination', 'human_tissue', 'prescription', 'over_the_counter', 'gmdn_code', 'emdn_code',
    'fda_product_code', 'cn_category', 'cn_insurance_code', 'storage_ids', 'size_ids', 'alias_ids',
    'contact_phone', 'contact_email', 'info_url', 'previous_id', 'relabelled_from_id')
"""Fields of a device identifier in the order of the columns."""

REGISTRATION = (
    'state', 'number', 'device_class', 'registrant_name', 'registrant_address', 'registrant_code',
    'licence_number', 'requirement_number', 'listing_number', 'premarket_exempt', 'date_from',
    'date_to', 'submitted_date', 'published_date', 'record_key', 'distribution_start',
    'distribution_end')
"""Fields of a registration; the column bears the market before it: ``CN.number``."""

KINDS = {'char': 'text', 'text': 'text', 'selection': 'word', 'boolean': 'boolean',
         'integer': 'number', 'date': 'date', 'many2one': 'link', 'many2many': 'links'}
PACKED = {'storage_ids': 'storage', 'size_ids': 'sizes', 'alias_ids': 'aliases'}


class MedUdiSheet(models.AbstractModel):
    """Device identifiers as a spreadsheet that can be taken out, changed and put back."""

    _name = 'med.udi.sheet'
    _description = 'Device Identifiers as a Spreadsheet'

    @api.model
    def _columns(self, markets):
        """Return ``[udi_sheet.Column, …]`` with labels in the language of the user.

        :param markets: jurisdictions whose registrations have columns
        """
        columns = [self._column('med.udi.di', name, '', '') for name in DEVICE]
        for market in markets:
            columns += [self._column('med.udi.registration', name, f'{market.code}.',
                                     f'{market.code}: ') for name in REGISTRATION]
        return columns

    def _column(self, model, name, prefix, label_prefix):
        field = self.env[model]._fields[name]
        label = field._description_string(self.env)
        kind = PACKED.get(name) or KINDS[field.type]
        words = {}
        if kind == 'word':
            words = self._words(field)
        elif kind == 'boolean':
            words = {word.lower(): code for env in self._envs() for code, word in (
                ('yes', env._("Yes")), ('no', env._("No")))}
        return udi_sheet.Column(prefix + name, label_prefix + label, kind, words)

    def _envs(self):
        return [self.with_context(lang=code).env
                for code, _name in self.env['res.lang'].get_installed()]

    def _words(self, field):
        """Return ``{code or label in any installed language, in lower case: code}``."""
        words = {str(label).lower(): code for env in self._envs()
                 for code, label in field._description_selection(env)}
        return {**words, **{code.lower(): code for code, _label in field.selection}}

    def _item_readers(self):
        """Return ``{kind of column: function from text to rows of values}``."""
        def words(model, name):
            return self._words(self.env[model]._fields[name])

        storage, units = words('med.udi.storage', 'kind'), words('med.udi.storage', 'unit')
        sizes = words('med.udi.size', 'kind')
        aliases, issuers = words('med.udi.alias', 'kind'), words('med.udi.alias', 'issuer')
        return {
            'storage': lambda text: udi_sheet.unpack_storage(text, storage, units),
            'sizes': lambda text: udi_sheet.unpack_sizes(text, sizes),
            'aliases': lambda text: udi_sheet.unpack_aliases(text, aliases, issuers),
        }

    # ------------------------------------------------------------------ out

    @api.model
    def _make_table(self, devices, markets):
        """Return the ``tables.Table`` of device identifiers, headings in the user's language."""
        columns = self._columns(markets)
        registrations = self._open_registrations(devices)
        rows = []
        for di in devices:
            row = [self._cell(di, name) for name in DEVICE]
            for market in markets:
                registration = registrations.get((di.id, market.id))
                row += [self._cell(registration, name) if registration else ''
                        for name in REGISTRATION]
            rows.append(tuple(row))
        return tables.Table(
            'devices', self.env._("Device Identifiers"),
            tuple(tables.Column(column.key, column.label) for column in columns), tuple(rows))

    def _open_registrations(self, devices):
        """Return ``{(device, market): the registration in force}``."""
        found = {}
        for row in self.env['med.udi.registration'].search(
                [('di_id', 'in', devices.ids), ('state', '!=', 'ended')], order='date_from, id'):
            found[row.di_id.id, row.jurisdiction_id.id] = row
        return found

    def _cell(self, record, name):
        """Return what an export writes for a field, which an import reads as the same value."""
        field, value = record._fields[name], record[name]
        if name in PACKED:
            return getattr(udi_sheet, f'pack_{PACKED[name]}')(value)
        if field.type == 'boolean':
            return self.env._("Yes") if value else self.env._("No")
        if field.type == 'selection':
            return dict(field._description_selection(self.env)).get(value, '')
        if field.type == 'many2many':
            return '; '.join(value.mapped('code'))
        if name == 'product_id':
            return value.default_code or value.barcode or value.name or ''
        if field.type == 'many2one':
            return value.name or ''
        if field.type == 'integer':
            return str(value)
        return str(value) if value else ''

    @api.model
    def _file(self, devices, markets, kind):
        """Return ``(bytes, file name)`` of device identifiers; without any it is the template."""
        table = self._make_table(devices, markets)
        name = f'device_identifiers.{kind}' if devices else f'device_identifiers_template.{kind}'
        if kind == 'csv':
            heading = tuple(column.label for column in table.columns)
            return udi_sheet.write_csv((heading, *table.rows)), name
        return workbook.make_workbook((table, self._guide(markets)), {}), name

    def _guide(self, markets):
        """Return the sheet that explains the columns."""
        rows = []
        for column in self._columns(markets):
            model, _dot, name = column.key.rpartition('.')
            field = self.env['med.udi.registration' if model else 'med.udi.di']._fields[name]
            rows.append((column.label, column.key, self._guide_content(column, field),
                         field._description_help(self.env) or ''))
        heads = (self.env._("Column"), self.env._("Key"), self.env._("What Stands in a Cell"),
                 self.env._("Meaning"))
        return tables.Table('guide', self.env._("Columns"), tuple(
            tables.Column(str(index), head) for index, head in enumerate(heads)), tuple(rows))

    def _guide_content(self, column, field):
        if column.kind == 'word':
            return ' | '.join(label for _code, label in field._description_selection(self.env))
        return {
            'text': self.env._("Text"), 'number': self.env._("Whole number"),
            'boolean': f'{self.env._("Yes")} | {self.env._("No")}',
            'date': self.env._("Date, as 2026-12-31"),
            'link': self.env._("Internal reference, barcode or name; number of a device "
                               "identifier or Basic UDI-DI"),
            'links': 'CN; US; EU',
            'storage': 'temperature 2..8 celsius; humidity ..60 percent; dry text="…"',
            'sizes': 'length 120 mm; catheter 5 Fr; other text="…"',
            'aliases': 'direct_mark gs1 09506000134352; unit_of_use gs1 09506000134376',
        }[column.kind]
