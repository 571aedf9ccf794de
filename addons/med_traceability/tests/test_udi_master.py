from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..tools.udi import parse
from .udi_common import UdiMasterCase, gtin


@tagged('post_install', '-at_install')
class TestUdiMaster(UdiMasterCase):
    """A number is one device's, for ever."""

    requirement = "CN-UDI-1 CN-UDI-2 CN-UDI-4 EU-27-1 FDA-830.60 GUDID-DATA T9"

    def assertTaken(self, values, env=None):
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), \
                self.env.cr.savepoint():
            (env or self.env)['med.udi.di'].create(values)
            self.env.flush_all()

    # ------------------------------------------------------------------ the number

    def test_number_is_checked_and_kept_in_canonical_form(self):
        di = self.di(name=' 9506000134352 ')
        self.assertEqual(di.name, '09506000134352')
        with self.refused("check digit", ValidationError):
            self.di(name='09506000134353')
        with self.refused(error=ValidationError):
            self.di(name='09506000134352X')
        draft = self.di(state='draft')
        draft.name = '9506000134376'
        self.assertEqual(draft.name, '09506000134376')
        with self.refused(error=ValidationError):
            draft.name = '123'

    def test_number_is_never_given_again_not_even_after_retirement_or_in_another_company(self):
        di = self.di()
        self.assertTaken({'name': di.name})
        di.action_retire()
        self.assertTaken({'name': di.name})
        di.active = False
        self.assertTaken({'name': di.name})
        other = self.env['res.company'].create({'name': "Other maker"})
        self.assertTaken({'name': di.name, 'company_id': other.id})
        self.assertTaken({'name': di.name[1:]})  # the same number in its form of 13 digits

    def test_database_itself_refuses_a_second_use_and_a_form_that_is_not_canonical(self):
        first, second = self.di(), self.di()
        self.env.flush_all()
        for name in (first.name, first.name[1:], f'{first.name} '):
            with self.subTest(name=name), mute_logger('odoo.sql_db'), \
                    self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.env.cr.execute(
                    "UPDATE med_udi_di SET name = %s WHERE id = %s", [name, second.id])

    def test_nobody_deletes_a_device_identifier(self):
        for di in (self.di(), self.di(state='draft')):
            for env in (di, di.sudo()):
                with self.refused():
                    env.unlink()
            with self.refused("never given again"):
                di.sudo().unlink()

    def test_number_and_product_of_one_in_use_stay(self):
        other = self.env['product.product'].create({'name': "Other pump"})
        for state in ('active', 'retired'):
            di = self.di()
            di.state = state
            for values in ({'name': gtin(900001)}, {'issuer': 'hibcc', 'name': 'A123BJC5D6E71'},
                           {'product_id': other.id}, {'product_id': False}, {'state': 'draft'}):
                for record in (di, di.sudo()):
                    with self.subTest(state=state, values=values), self.refused():
                        record.write(values)
        draft = self.di(state='draft')
        draft.write({'product_id': other.id, 'name': gtin(900002)})
        self.assertEqual(draft.product_id, other)

    def test_other_issuers_numbers_are_checked_by_their_own_rules(self):
        di = self.di(issuer='hibcc', name='A123BJC5D6E71')
        self.assertEqual((di.issuer, di.name), ('hibcc', 'A123BJC5D6E71'))
        with self.refused(error=ValidationError):
            self.di(issuer='hibcc', name='09506000134352-')

    def test_basic_udi_di_has_its_check_pair_and_stays_once_in_use(self):
        Basic = self.env['med.udi.basic'].with_user(self.regulatory)
        basic = Basic.create({'name': '1987654Ad4X4bL5ttr2310c2K'})  # GS1 General Specifications
        with self.refused(error=ValidationError):
            Basic.create({'name': '1987654Ad4X4bL5ttr2310c2L'})
        self.assertTrue(self.di(basic_id=basic.id))
        with self.refused("make a new one"):
            basic.name = '1987654Ad4X4bL5ttr2310cXK'
        with self.refused():
            basic.sudo().unlink()

    # ------------------------------------------------------------------ further numbers

    def test_further_identifier_leads_to_its_device_and_is_nobody_elses(self):
        di = self.di(alias_ids=[Command.create({'kind': 'direct_mark', 'name': gtin(700001)})])
        other = self.di()
        with self.refused("another device", ValidationError):
            other.alias_ids = [Command.create({'name': di.name})]
        with self.refused("another device", ValidationError):
            self.di(name=gtin(700001))
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), \
                self.env.cr.savepoint():
            other.alias_ids = [Command.create({'name': gtin(700001)})]
        self.assertEqual(self.Di._med_find(parse(f'01{gtin(700001)}')), di)

    def test_further_identifier_of_a_device_in_use_stays(self):
        di = self.di(alias_ids=[Command.create({'name': gtin(700002)})])
        for change in (lambda: di.alias_ids.unlink(),
                       lambda: di.alias_ids.write({'name': gtin(700003)})):
            with self.refused("never given"):
                change()
        draft = self.di(state='draft', alias_ids=[Command.create({'name': gtin(700004)})])
        draft.alias_ids.unlink()
        self.assertFalse(draft.alias_ids)

    # ------------------------------------------------------------------ packages

    def test_packages_say_how_many_base_packages_they_hold(self):
        unit = self.di(device_count=2)
        inner = self.di(level='inner', contains_id=unit.id, contained_quantity=5)
        case = self.di(level='case', contains_id=inner.id, contained_quantity=4)
        pallet = self.di(level='pallet', contains_id=case.id, contained_quantity=10)
        self.assertEqual([di.base_quantity for di in (unit, inner, case, pallet)], [1, 5, 20, 200])
        self.assertEqual(pallet.base_id, unit)
        self.assertEqual(pallet.product_id, self.product)
        inner.contained_quantity = 6
        self.assertEqual(pallet.base_quantity, 240)
        shown = self.Di.search(unit.action_view_packages()['domain'])
        self.assertEqual(shown, inner | case | pallet)

    def test_package_cannot_contain_itself(self):
        unit = self.di()
        inner = self.di(level='inner', contains_id=unit.id, contained_quantity=5)
        case = self.di(level='case', contains_id=inner.id, contained_quantity=4)
        with self.refused():
            inner.contains_id = case
        with self.refused():
            case.contains_id = case

    def test_package_without_content_or_quantity_is_refused(self):
        unit = self.di()
        for values in ({'level': 'unit', 'contains_id': unit.id, 'contained_quantity': 1},
                       {'level': 'case', 'contains_id': unit.id, 'contained_quantity': 0},
                       {'level': 'case', 'contains_id': unit.id, 'contained_quantity': -1}):
            with self.subTest(values=values), mute_logger('odoo.sql_db'), \
                    self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.di(**values)
        with self.refused("what the package contains", ValidationError):
            self.di(level='case')
        huge = self.di(level='inner', contains_id=unit.id, contained_quantity=2_000_000_000)
        with self.refused("counted", ValidationError):
            self.di(level='case', contains_id=huge.id, contained_quantity=2)

    # ------------------------------------------------------------------ in use

    def test_only_what_is_complete_enough_becomes_active(self):
        draft = self.di(state='draft', product_id=False)
        with self.refused("which product", ValidationError):
            draft.action_activate()
        unit = self.di(state='draft')
        case = self.di(state='draft', level='case', contains_id=unit.id, contained_quantity=4)
        with self.refused("is a draft", ValidationError):
            case.action_activate()
        (case | unit).action_activate()
        self.assertEqual(set((case | unit).mapped('state')), {'active'})
        with self.refused("archive"):
            draft.action_retire()

    def test_active_goes_before_retired_when_a_code_is_looked_up(self):
        di = self.di()
        self.assertEqual(self.Di._med_find(parse(f'01{di.name}10A1')), di)
        di.action_retire()
        di.active = False
        found = self.Di._med_find(parse(f'01{di.name}'))
        self.assertEqual((found, found.state), (di, 'retired'))
        self.assertFalse(self.Di._med_find(parse(f'01{gtin(999999)}')))

    def test_relabelled_device_keeps_the_link_to_the_old_one(self):
        old, new = self.di(), self.di()
        new.relabelled_from_id = old
        self.assertEqual(old.relabelled_ids, new)
        with self.refused():
            old.relabelled_from_id = new

    def test_storage_conditions_read_as_on_a_label(self):
        di = self.di(storage_ids=[Command.create(values) for values in (
            {'kind': 'temperature', 'low': 2, 'high': 8, 'unit': 'celsius'},
            {'kind': 'temperature', 'has_low': False, 'high': 25, 'unit': 'celsius'},
            {'kind': 'transport_temperature', 'low': -20, 'high': -15.5, 'unit': 'celsius'},
            {'kind': 'humidity', 'low': 30, 'has_high': False, 'unit': 'percent'},
            {'kind': 'dry', 'has_low': False, 'has_high': False})])
        self.assertEqual(di.storage_ids.mapped('limits'),
                         ["2–8 °C", "≤ 25 °C", "-20 – -15.5 °C", "≥ 30 %", False])
        for values in ({'low': 9, 'high': 8, 'unit': 'celsius'}, {'low': 2, 'high': 8}):
            with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), \
                    self.env.cr.savepoint():
                di.storage_ids = [Command.create({'kind': 'temperature', **values})]

    def test_product_says_that_it_has_no_device_identifier_in_use(self):
        template = self.product.product_tmpl_id
        Template = self.env['product.template']
        self.assertTrue(template.med_di_missing)
        self.assertIn(template, Template.search([('med_di_missing', '=', True)]))
        di = self.di()
        template.invalidate_recordset()
        self.assertFalse(template.med_di_missing)
        self.assertEqual(template.med_di_ids, di)
        self.assertNotIn(template, Template.search([('med_di_missing', '=', True)]))
        self.assertEqual(
            self.Di.search(self.product.action_view_med_dis()['domain']), di)
