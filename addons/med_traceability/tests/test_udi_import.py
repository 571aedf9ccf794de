import base64
import io
import random

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from openpyxl import Workbook, load_workbook

from ..tools import udi_sheet
from .udi_common import UdiMasterCase, gtin

ROWS = 10_000
HEADING = ('name', 'product_id', 'level', 'contains_id', 'contained_quantity', 'state',
           'trade_name', 'version_model', 'sterile', 'mri', 'market_ids', 'storage_ids',
           'CN.number', 'CN.device_class', 'CN.date_from', 'CN.date_to')


def workbook(rows):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@tagged('post_install', '-at_install')
class TestUdiImport(UdiMasterCase):
    """A sheet is loaded as a whole or not at all, and each row that is wrong is named."""

    requirement = "T9 GUDID-DATA CN-UDI-5 CN-UDI-4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Sheet = cls.env['med.udi.sheet'].with_user(cls.regulatory)

    def row(self, number, **values):
        """Return a good row; every fifth is a case of the one before."""
        row = {'name': gtin(number), 'product_id': 'PUMP-1', 'level': 'unit', 'state': 'active',
               'trade_name': f"Pump {number}", 'version_model': f'M{number}', 'sterile': 'Yes',
               'mri': 'conditional', 'market_ids': 'CN; US', 'CN.device_class': 'III',
               'storage_ids': 'temperature 2..8 celsius; dry text="Keep dry"',
               'CN.number': f'REG{number}', 'CN.date_from': '2025-01-01',
               'CN.date_to': '2029-12-31'}
        if number % 5 == 0:
            row |= {'level': 'case', 'contains_id': gtin(number - 1), 'contained_quantity': '10'}
        return {**row, **values}

    def sheet(self, rows, heading=HEADING):
        return workbook([heading, *([row.get(name) for name in heading] for row in rows)])

    def load(self, rows, **kw):
        heading = tuple(dict.fromkeys(name for row in rows for name in row))
        return self.Sheet._load('devices.xlsx', self.sheet(rows, heading), **kw)

    def errors(self, **values):
        """Return the errors of a sheet with one row that has these values."""
        values = {'name': gtin(1), 'product_id': 'PUMP-1', **values}
        return self.Sheet._plan('x.csv', udi_sheet.write_csv(
            [list(values), [str(value) for value in values.values()]])).errors

    def count(self):
        return self.Di.with_context(active_test=False).search_count([])

    # ------------------------------------------------------------------ ten thousand

    def planted(self):
        """Return 10,000 rows and ``{row number: column}`` of the 50 that are wrong."""
        rows = [self.row(number) for number in range(1, ROWS + 1)]
        other = self.env['res.company'].create({'name': "Other maker"})
        taken = gtin(800_001)
        self.env['med.udi.di'].create({'name': taken, 'company_id': other.id})
        self.env['product.product'].create([{'name': "Twin"}, {'name': "Twin"}])
        wrong = (
            {'name': '09506000134353'}, {'name': None}, {'name': 'ABC'}, {'name': taken},
            {'name': gtin(2)}, {'product_id': 'NOTHING'}, {'product_id': 'Twin'},
            {'product_id': None}, {'level': 'box'}, {'contained_quantity': 'ten'},
            {'contained_quantity': '-1'}, {'state': 'gone'}, {'sterile': 'maybe'},
            {'mri': 'hot'}, {'market_ids': 'CN; MARS'}, {'storage_ids': 'temperature 2-8'},
            {'storage_ids': 'warm 2..8 celsius'}, {'CN.device_class': 'IX'},
            {'CN.date_from': '2025-13-01'}, {'CN.date_to': '31.12.2029'},
            {'CN.date_to': '2024-01-01'}, {'level': 'case', 'contains_id': gtin(899_999),
                                          'contained_quantity': '5'},
            {'level': 'case', 'contains_id': gtin(1)}, {'level': 'case'},
            {'contains_id': gtin(1), 'contained_quantity': '5'})
        columns = ('name', 'name', 'name', 'name', 'name', 'product_id', 'product_id',
                   'product_id', 'level', 'contained_quantity', 'contained_quantity', 'state',
                   'sterile', 'mri', 'market_ids', 'storage_ids', 'storage_ids',
                   'CN.device_class', 'CN.date_from', 'CN.date_to', 'CN.date_to', 'contains_id',
                   'contained_quantity', 'contains_id', 'contains_id')
        chosen = random.Random(4).sample([n for n in range(10, ROWS) if n % 5 in (1, 2)], 50)
        expected = {}
        for place, number in enumerate(sorted(chosen)):
            values, column = wrong[place % 25], columns[place % 25]
            rows[number - 1].update(values)
            expected[number + 1] = column
        return rows, expected

    def test_of_ten_thousand_each_of_fifty_errors_is_named_and_nothing_is_loaded(self):
        rows, expected = self.planted()
        self.assertEqual(len(expected), 50)
        before = self.count()
        data = udi_sheet.write_csv(
            [HEADING, *([row.get(name) or '' for name in HEADING] for row in rows)])
        labels = {column.key: column.label for column in self.Sheet._columns(self.cn)}
        plan = self.Sheet._plan('devices.csv', data)
        self.assertEqual({row: heading for row, heading, _content, _reason in plan.errors},
                         {row: labels[column] for row, column in expected.items()})
        self.assertEqual(len(plan.errors), 50)
        self.assertTrue(all(reason for *_place, reason in plan.errors))
        self.assertTrue(self.Sheet._load('devices.csv', data).errors)
        self.assertEqual(self.count(), before, "nothing is half loaded")
        for number in expected:
            rows[number - 2] = self.row(number - 1)
        plan = self.Sheet._load('devices.xlsx', self.sheet(rows))
        self.assertEqual((plan.errors, plan.created), ([], ROWS))
        self.assertEqual(self.count(), before + ROWS)
        case = self.Di.search([('name', '=', gtin(5))])
        self.assertEqual((case.contains_id.name, case.base_quantity, case.state, case.mri),
                         (gtin(4), 10, 'active', 'conditional'))
        self.assertEqual((case.registration_ids.number, case.registration_ids.device_class),
                         ('REG5', '3'))
        self.assertEqual(case.storage_ids.mapped('display_name'),
                         ["Storage temperature: 2–8 °C", "Keep dry: Keep dry"])

    # ------------------------------------------------------------------ out and in again

    def test_what_is_taken_out_can_be_put_back_and_changes_nothing(self):
        unit = self.di(
            sterile=True, mri='safe', description="Two\nlines; \"quoted\"", pi_lot=True,
            trade_name="=1+1", market_ids=[Command.set((self.cn | self.eu).ids)],
            storage_ids=[Command.create(values) for values in (
                {'kind': 'temperature', 'low': -5.5, 'high': 8, 'unit': 'celsius'},
                {'kind': 'humidity', 'has_low': False, 'high': 60, 'unit': 'percent'},
                {'kind': 'special', 'has_low': False, 'has_high': False,
                 'text': 'Upright; not "stacked" (ever)'})],
            size_ids=[Command.create(values) for values in (
                {'kind': 'length', 'value': '120', 'unit': 'mm'},
                {'kind': 'catheter', 'value': '5 x 7', 'unit': 'Fr'},
                {'kind': 'other', 'text': 'one size; fits "most"'})],
            alias_ids=[Command.create({'kind': 'unit_of_use', 'name': gtin(600_001)})],
            registration_ids=[Command.create({
                'jurisdiction_id': self.cn.id, 'number': '国械注准20263030001',
                'device_class': '3', 'date_to': '2030-01-31', 'state': 'published'})])
        case = self.di(level='case', contains_id=unit.id, contained_quantity=12)
        for lang in (False, 'zh_CN'):
            if lang:
                self.env['res.lang']._activate_lang(lang)
            Sheet = self.Sheet.with_context(lang=lang or 'en_US')
            for kind in ('xlsx', 'csv'):
                data, name = Sheet._file(unit | case, self.cn, kind)
                plan = self.Sheet._load(name, data)
                with self.subTest(kind=kind, lang=lang):
                    self.assertEqual(plan.errors, [])
                    self.assertEqual((plan.created, plan.changed, plan.unchanged), (0, 0, 2))

    def test_known_number_is_changed_and_an_empty_cell_leaves_what_is_there(self):
        di = self.di(catalogue_number='C1', description="Old", market_ids=[
            Command.set(self.eu.ids)])
        plan = self.load([{'name': di.name[1:], 'version_model': 'B', 'catalogue_number': ''}])
        self.assertEqual((plan.errors, plan.created, plan.changed), ([], 0, 1))
        self.assertEqual((di.version_model, di.catalogue_number), ('B', 'C1'))
        self.assertTrue(di.change_ids, "a change of data in use is a change, by file as well")
        self.load([{'name': di.name, 'description': '', 'state': '', 'catalogue_number': 'C1'}],
                  blank_clears=True)
        self.assertEqual((di.description, di.state), (False, 'active'))

    def test_registration_in_force_is_changed_and_lists_are_replaced(self):
        di = self.di(storage_ids=[Command.create({'kind': 'dry', 'has_low': False,
                                                  'has_high': False})],
                     registration_ids=[Command.create({
                         'jurisdiction_id': self.us.id, 'number': 'K1'})])
        self.load([{'name': di.name, 'US.number': 'K2', 'EU.number': 'CE1',
                    'storage_ids': 'temperature ..25 °C'}])
        self.assertEqual({(row.jurisdiction_id.code, row.number) for row in di.registration_ids},
                         {('US', 'K2'), ('EU', 'CE1')})
        self.assertEqual(di.storage_ids.limits, "≤ 25 °C")

    def test_order_of_rows_does_not_matter(self):
        plan = self.load([self.row(5), self.row(4), self.row(10, contains_id=gtin(5))])
        self.assertEqual((plan.errors, plan.created), ([], 3))
        pallet = self.Di.search([('name', '=', gtin(10))])
        self.assertEqual((pallet.base_quantity, pallet.state), (100, 'active'))

    def test_draft_is_put_into_use_with_the_package_that_contains_it(self):
        unit = self.di(state='draft')
        plan = self.load([{'name': unit.name, 'state': 'Active'}, self.row(
            5, contains_id=unit.name)])
        self.assertEqual(plan.errors, [])
        self.assertEqual(self.Di.search([('name', '=', gtin(5))]).state, 'active')

    # ------------------------------------------------------------------ each refusal

    def test_each_thing_that_is_wrong_is_said(self):
        used = self.di(alias_ids=[Command.create({'name': gtin(600_002)})])
        second = self.env['product.product'].create({'name': "Two", 'default_code': 'TWO'})
        for values, sentence in (
                ({'name': '123'}, "form|long|short|check"), ({'name': ''}, "missing"),
                ({'issuer': 'acme'}, "Write one of"), ({'sterile': '2'}, "Yes or No"),
                ({'device_count': '1.5'}, "whole number"),
                ({'product_id': 'NO'}, "no such product"),
                ({'basic_id': 'X'}, "no such Basic"), ({'market_ids': 'ZZ'}, "codes of markets"),
                ({'previous_id': gtin(77)}, "neither here"), ({'size_ids': '"'}, "cannot be read"),
                ({'alias_ids': f'direct_mark gs1 {gtin(600_002)}'}, "another device"),
                ({'alias_ids': f'direct_mark gs1 {used.name}'}, "another device"),
                ({'alias_ids': 'direct_mark gs1 123'}, "."),
                ({'state': 'active', 'product_id': ''}, "which product"),
                ({'state': 'active', 'level': 'case'}, "what the package contains"),
                ({'level': 'case', 'contains_id': gtin(1), 'contained_quantity': 1}, "itself"),
                ({'name': used.name, 'state': 'draft'}, "cannot be a draft"),
                ({'name': used.name, 'product_id': second.default_code}, "stay for ever"),
                ({'name': used.name, 'alias_ids': f'direct_mark gs1 {gtin(600_003)}'}, "never"),
                ({'US.date_from': '2026-01-02', 'US.date_to': '2026-01-01'}, "before it begins")):
            with self.subTest(values=values):
                found = self.errors(**values)
                self.assertEqual([row for row, *_rest in found], [2] * len(found))
                self.assertRegex(' '.join(reason for *_rest, reason in found), sentence)

    def test_heading_that_is_not_known_or_is_there_twice_is_said(self):
        for heading, sentence in ((['name', 'colour'], "no such column"),
                                  (['name', 'Device Identifier'], "there twice"),
                                  (['trade_name'], "is missing")):
            plan = self.Sheet._plan('x.csv', udi_sheet.write_csv([heading, ['1', '2']]))
            with self.subTest(heading=heading):
                self.assertRegex(plan.errors[0][3], sentence)
        plan = self.Sheet._plan('x.csv', udi_sheet.write_csv([['name'], [gtin(1), "lost"]]))
        self.assertRegex(plan.errors[0][3], "no heading above")

    def test_file_that_is_none_is_said(self):
        for name, data in (('x.xlsx', b'PK\x03\x04broken'), ('x.pdf', b'%PDF-1.7'),
                           ('x.csv', b'\xff\xfe\x00\xd8'), ('x.csv', b''),
                           ('x.csv', b'name\n"open')):
            plan = self.Sheet._plan(name, data)
            with self.subTest(name=name, data=data):
                self.assertEqual(len(plan.errors), 1)
                self.assertRegex(plan.errors[0][3], r'^(This|The) .+\.$')

    def test_chinese_file_in_its_old_encoding_is_read(self):
        plan = self.Sheet._load('x.csv', f'name;trade_name;sterile\n{gtin(3)};输液泵;是'.encode(
            'gb18030'))
        self.assertEqual(plan.errors, [])
        di = self.Di.search([('name', '=', gtin(3))])
        self.assertEqual((di.trade_name, di.sterile), ("输液泵", True))

    def test_circle_of_packages_or_predecessors_is_refused(self):
        found = self.Sheet._plan('x.csv', udi_sheet.write_csv([
            ['name', 'level', 'contains_id', 'contained_quantity'],
            [gtin(1), 'case', gtin(2), '2'], [gtin(2), 'inner', gtin(1), '2']])).errors
        self.assertEqual({row for row, *_rest in found}, {2, 3})
        with self.refused("circle"):
            self.Sheet._load('x.csv', udi_sheet.write_csv([
                ['name', 'previous_id'], [gtin(1), gtin(2)], [gtin(2), gtin(1)]]))
        self.assertFalse(self.Di.search([('name', 'in', [gtin(1), gtin(2)])]))

    # ------------------------------------------------------------------ the dialog

    def wizard(self, data, name='devices.xlsx'):
        return self.env['med.udi.import'].with_user(self.regulatory).create({
            'data': base64.b64encode(data), 'filename': name})

    def test_trial_run_writes_nothing_and_load_checks_again(self):
        wizard = self.wizard(self.sheet([self.row(1), self.row(2, mri='hot')]))
        before = self.count()
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.error_count, wizard.line_ids.row),
                         ('bad', 1, 3))
        wizard.action_load()
        self.assertEqual((wizard.state, self.count()), ('bad', before))
        wizard.action_back()
        wizard.write({'data': base64.b64encode(self.sheet([self.row(1)])), 'filename': 'y.xlsx'})
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.created, self.count()), ('good', 1, before))
        wizard.action_load()
        self.assertEqual((wizard.state, self.count()), ('done', before + 1))
        with self.refused("Choose a file"):
            self.wizard(b'').action_check()

    def test_only_regulatory_affairs_loads(self):
        data = self.sheet([self.row(1)])
        for role in ('viewer', 'qa', 'system_admin', ''):
            user = self.user(role, login=f'import_{role}')
            with self.subTest(role=role), self.refused(error=AccessError):
                self.env['med.udi.sheet'].with_user(user)._load('x.xlsx', data)
            with self.subTest(role=role), self.refused(error=AccessError):
                self.env['med.udi.import'].with_user(user).create({})

    def test_load_is_an_entry_of_the_audit_trail(self):
        before = self.env['med.audit.entry'].search([], order='id desc', limit=1).id
        self.load([self.row(1)])
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM med_audit_entry WHERE id > %s AND event = 'import'", [before])
        self.assertEqual(self.env.cr.fetchone(), (1,))

    def test_template_has_a_sheet_that_explains_every_column(self):
        data, name = self.Sheet._file(self.Di, self.cn, 'xlsx')
        self.assertEqual(name, 'device_identifiers_template.xlsx')
        book = load_workbook(io.BytesIO(data))
        first, second = book.worksheets
        self.assertEqual([cell.value for cell in first[1]],
                         [row[0].value for row in second.iter_rows(min_row=2)])
        self.assertEqual(self.Sheet._plan(name, data).errors, [])

    def test_spreadsheet_evaluates_nothing_that_came_out(self):
        di = self.di(trade_name="=HYPERLINK(\"http://x\")")
        data, _name = self.Sheet._file(di, self.cn, 'csv')
        self.assertIn("'=HYPERLINK", data.decode())

    def test_export_of_a_selection_names_its_markets(self):
        di = self.di(registration_ids=[Command.create({'jurisdiction_id': self.us.id})])
        action = di.with_user(self.user('viewer')).action_export()
        export = self.env['med.udi.export'].browse(action['res_id'])
        self.assertEqual((export.di_count, export.market_ids), (1, self.us))
        self.assertIn(f'export={export.id}', export.action_export()['url'])
        with self.refused(error=UserError):
            self.Di.browse(di.id).with_user(self.user('')).action_export()
