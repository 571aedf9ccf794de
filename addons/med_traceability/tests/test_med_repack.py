from datetime import datetime
from xmlrpc.client import Fault

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

EARLY, LATE = datetime(2030, 1, 31), datetime(2031, 1, 31)


@tagged('post_install', '-at_install')
class TestMedRepack(MedCase):
    """T6, T7, TRC-1: repacking, relabelling, splitting and merging leave an unbroken trace."""

    requirement = "T6 T7 TRC-1 TRC-3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env['stock.warehouse'].search(
            [('company_id', '=', cls.env.company.id)], limit=1)
        cls.stock = cls.warehouse.lot_stock_id
        cls.box = cls._product("Box of catheters")
        cls.pack = cls._product("Pack of catheters")
        cls.serial = cls._product("Pump", tracking='serial')
        cls.lot = cls._lot(cls.box, 'A', 100, EARLY)
        cls.operator = cls.user('operator')
        cls.viewer = cls.user('viewer')

    @classmethod
    def _product(cls, name, tracking='lot', **values):
        return cls.env['product.product'].create({
            'name': name, 'is_storable': True, 'tracking': tracking, 'use_expiration_date': True,
            'expiration_time': 3650, **values})

    @classmethod
    def _lot(cls, product, name, quantity, expiration=False):
        lot = cls.env['stock.lot'].create({
            'name': name, 'product_id': product.id, 'expiration_date': expiration})
        if quantity:
            cls.env['stock.quant']._update_available_quantity(
                product, cls.stock, quantity, lot_id=lot)
        return lot

    def _repack(self, kind, inputs, outputs, user=None, **values):
        """Return a draft; an input is (lot, quantity), an output a dict of values."""
        return self.env['med.repack'].with_user(user or self.operator).create({
            'kind': kind, 'reason': "Change order 31", 'location_id': self.stock.id,
            'input_ids': [Command.create({'lot_id': lot.id, 'quantity': quantity, **(more or {})})
                          for lot, quantity, *rest in inputs for more in [rest and rest[0]]],
            'output_ids': [Command.create({'product_id': self.box.id, **output})
                           for output in outputs],
            **values})

    def _production(self):
        return self.box.property_stock_production.id

    def _on_hand(self, lot, location=None):
        quants = lot.quant_ids.filtered(lambda q: q.location_id == (location or self.stock))
        return sum(quants.mapped('quantity'))

    def _refused(self, text, *args, **kwargs):
        """Assert that a document made of these arguments is refused and moves nothing."""
        moves = self.env['stock.move'].search_count([])
        repack = self._repack(*args, **kwargs)
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            repack.action_post()
        self.assertEqual(repack.state, 'draft')
        self.assertEqual(self.env['stock.move'].search_count([]), moves)

    # ------------------------------------------------------------------ what it does

    def test_split_gives_a_part_of_a_lot_its_own_number_and_the_same_expiration(self):
        repack = self._repack('split', [(self.lot, 30)], [{'lot_name': 'A-1', 'quantity': 30}])
        repack.action_post()
        new = repack.output_ids.lot_id
        self.assertEqual((repack.state, repack.user_id), ('done', self.operator))
        self.assertEqual((new.name, new.expiration_date), ('A-1', EARLY))
        self.assertEqual((self._on_hand(self.lot), self._on_hand(new)), (70, 30))
        self.assertRecordValues(repack.move_ids.sorted('id'), [
            {'state': 'done', 'quantity': 30, 'location_dest_id': self._production(),
             'reference': repack.name, 'origin': "Change order 31"},
            {'state': 'done', 'quantity': 30, 'location_dest_id': self.stock.id,
             'reference': repack.name, 'origin': "Change order 31"}])

    def test_posting_is_one_genealogy_event_of_its_kind_from_all_inputs_to_all_outputs(self):
        other = self._lot(self.box, 'B', 20, LATE)
        repack = self._repack('merge', [(self.lot, 10), (other, 20)],
                              [{'lot_name': 'AB', 'quantity': 30}])
        repack.action_post()
        event = self.env['med.genealogy.event'].search(
            [('res_model', '=', 'med.repack'), ('res_id', '=', repack.id)])
        self.assertRecordValues(event, [
            {'kind': 'merge', 'name': repack.name, 'reason': "Change order 31",
             'operator_ids': self.operator.ids}])
        lines = {(line.side, line.lot_id, line.quantity) for line in event.line_ids}
        self.assertEqual(lines, {('in', self.lot, 10), ('in', other, 20),
                                 ('out', repack.output_ids.lot_id, 30)})
        trace = self.lot.med_trace()
        self.assertEqual({(edge['from'], edge['to'], edge['exact']) for edge in trace['edges']},
                         {(self.lot.id, repack.output_ids.lot_id.id, True)})
        [balance] = repack.output_ids.lot_id.med_balance()['lots']
        self.assertEqual((balance['recovered'], balance['balanced']), (30, True))

    def test_merge_takes_the_earliest_expiration_of_what_goes_in(self):
        other = self._lot(self.box, 'B', 20, LATE)
        repack = self._repack('merge', [(other, 20), (self.lot, 10)],
                              [{'lot_name': 'AB', 'quantity': 30}])
        repack.action_post()
        self.assertEqual(repack.output_ids.lot_id.expiration_date, EARLY)
        self.assertEqual(repack.output_ids.expiration_date, EARLY)

    def test_merge_into_an_existing_lot_that_expires_no_later(self):
        other = self._lot(self.box, 'B', 20, LATE)
        self._repack('merge', [(other, 5)], [{'lot_id': self.lot.id, 'quantity': 5}]).action_post()
        self.assertEqual((self._on_hand(self.lot), self._on_hand(other)), (105, 15))

    def test_relabel_of_a_serial_gives_the_unit_another_number(self):
        unit = self._lot(self.serial, 'SN1', 1, EARLY)
        repack = self._repack('relabel', [(unit, 1)], [
            {'product_id': self.serial.id, 'lot_name': 'SN1-CN', 'quantity': 1}])
        repack.action_post()
        self.assertEqual(self._on_hand(unit), 0)
        self.assertEqual(self._on_hand(repack.output_ids.lot_id), 1)

    def test_repack_into_another_product_puts_back_and_scraps_what_it_did_not_use(self):
        repack = self._repack(
            'repack', [(self.lot, 20, {'back_quantity': 3, 'scrap_quantity': 2})],
            [{'product_id': self.pack.id, 'lot_name': 'P', 'quantity': 3,
              'expiration_date': LATE}])
        repack.action_post()
        self.assertEqual(repack.input_ids.used_quantity, 15)
        self.assertEqual(self._on_hand(self.lot), 83)
        scrap = repack.scrap_ids.sudo()
        self.assertEqual((scrap.state, scrap.scrap_qty, scrap.origin), ('done', 2, repack.name))
        self.assertEqual(repack.output_ids.lot_id.expiration_date, LATE)
        [balance] = self.lot.med_balance()['lots']
        self.assertEqual((balance['consumed'], balance['scrapped']), (15, 2))

    def test_stock_is_taken_from_shelves_below_the_location_and_keeps_its_owner(self):
        shelf = self.env['stock.location'].create({'name': "S", 'location_id': self.stock.id})
        owner = self.env['res.partner'].create({'name': "Hospital"})
        lot = self._lot(self.box, 'C', 0)
        self.env['stock.quant']._update_available_quantity(
            self.box, shelf, 8, lot_id=lot, owner_id=owner)
        repack = self._repack('split', [(lot, 6, {'scrap_quantity': 2})],
                              [{'lot_name': 'C-1', 'quantity': 4}])
        repack.action_post()
        self.assertEqual(self._on_hand(lot, shelf), 2)
        quant = repack.output_ids.lot_id.quant_ids.filtered(lambda q: q.quantity > 0)
        self.assertEqual((quant.quantity, quant.owner_id, quant.location_id),
                         (4, owner, self.stock))

    def test_lot_without_expiration_gets_none_by_being_split(self):
        lot = self._lot(self.box, 'C', 5)
        lot.expiration_date = False
        repack = self._repack('split', [(lot, 5)], [{'lot_name': 'C-1', 'quantity': 5}])
        repack.action_post()
        self.assertFalse(repack.output_ids.lot_id.expiration_date)

    # ------------------------------------------------------------------ what it refuses

    def test_quantity_that_appears_or_vanishes_is_refused(self):
        for kind in ('split', 'relabel', 'repack'):
            for made in (9, 9.99, 10.01, 11):
                with self.subTest(kind=kind, made=made):
                    self._refused("go in and", kind, [(self.lot, 10)],
                                  [{'lot_name': 'X', 'quantity': made}])

    def test_more_than_is_free_is_refused(self):
        self._refused("Only 100", 'split', [(self.lot, 101)], [{'lot_name': 'X', 'quantity': 101}])
        self._refused("Only 100", 'repack', [(self.lot, 101, {'scrap_quantity': 100})],
                      [{'lot_name': 'X', 'quantity': 1}])
        self.env['stock.quant']._update_reserved_quantity(
            self.box, self.stock, 95, lot_id=self.lot, strict=True)
        self._refused("Only 5", 'split', [(self.lot, 6)], [{'lot_name': 'X', 'quantity': 6}])

    def test_output_that_would_outlive_its_input_is_refused(self):
        self._refused("cannot be later", 'relabel', [(self.lot, 1)],
                      [{'lot_name': 'X', 'quantity': 1, 'expiration_date': LATE}])
        late = self._lot(self.box, 'L', 1, LATE)
        self._refused("expires later", 'merge', [(self.lot, 1)],
                      [{'lot_id': late.id, 'quantity': 1}])
        self._refused("its own expiration", 'merge', [(late, 1)],
                      [{'lot_id': self.lot.id, 'quantity': 1, 'expiration_date': LATE}])

    def test_shape_that_does_not_fit_the_kind_is_refused(self):
        other = self._lot(self.box, 'B', 20, LATE)
        new = {'lot_name': 'X', 'quantity': 1}
        for text, kind, inputs, outputs in (
                ("takes one lot", 'split', [(self.lot, 1), (other, 1)], [{**new, 'quantity': 2}]),
                ("within one product", 'split', [(self.lot, 1)],
                 [{**new, 'product_id': self.pack.id}]),
                ("gives one", 'relabel', [(self.lot, 2)], [new, {**new, 'lot_name': 'Y'}]),
                ("gives one lot", 'merge', [(self.lot, 1)], [new]),
                ("goes in and comes out", 'split', [(self.lot, 2)],
                 [{'lot_id': self.lot.id, 'quantity': 1}, new]),
                ("same lot twice", 'repack', [(self.lot, 1), (self.lot, 1)],
                 [{**new, 'quantity': 2}]),
                ("already has a lot", 'split', [(self.lot, 1)], [{**new, 'lot_name': ' B '}]),
                ("already has a lot", 'split', [(self.lot, 2)], [new, new]),
                ("either a new lot", 'split', [(self.lot, 1)], [{'quantity': 1}]),
                ("either a new lot", 'split', [(self.lot, 1)], [{**new, 'lot_id': other.id}]),
                ("Enter how much of A", 'split', [(self.lot, 0)], [new]),
                ("Enter how much of A", 'split', [(self.lot, -1)], [new]),
                ("comes out", 'split', [(self.lot, 1)], [{**new, 'quantity': -1}]),
                ("cannot be negative", 'repack', [(self.lot, 1, {'back_quantity': -1})],
                 [{**new, 'quantity': 2}]),
                ("Nothing of A is used", 'repack', [(self.lot, 1, {'back_quantity': 1})], [new]),
                ("Enter what goes in", 'split', [], [new]),
                ("Enter what goes in", 'split', [(self.lot, 1)], []),
        ):
            with self.subTest(text=text, kind=kind):
                self._refused(text, kind, inputs, outputs)

    def test_untracked_product_and_two_units_under_one_serial_are_refused(self):
        loose = self._product("Loose", tracking='none')
        self._refused("not tracked", 'repack', [(self.lot, 1)],
                      [{'product_id': loose.id, 'lot_name': 'X', 'quantity': 1}])
        self._refused("one line for each", 'repack', [(self.lot, 2)],
                      [{'product_id': self.serial.id, 'lot_name': 'X', 'quantity': 2}])

    def test_stock_of_two_owners_is_not_mixed(self):
        owner = self.env['res.partner'].create({'name': "Hospital"})
        lot = self._lot(self.box, 'C', 3)
        self.env['stock.quant']._update_available_quantity(
            self.box, self.stock, 3, lot_id=lot, owner_id=owner)
        self._refused("several owners", 'split', [(lot, 6)], [{'lot_name': 'X', 'quantity': 6}])

    def test_lot_or_location_of_another_company_is_refused(self):
        company = self.env['res.company'].create({'name': "Other"})
        place = self.env['stock.warehouse'].search(
            [('company_id', '=', company.id)], limit=1).lot_stock_id
        lot = self.env['stock.lot'].create({
            'name': 'O', 'product_id': self.box.id, 'company_id': company.id})
        for values in ({'location_id': place.id},
                       {'input_ids': [Command.create({'lot_id': lot.id, 'quantity': 1})]}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._repack('split', [], [], **values)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._repack('split', [], [], company_id=company.id, location_id=place.id)

    def test_place_outside_our_stock_is_refused(self):
        self._refused("internal location", 'split', [(self.lot, 1)],
                      [{'lot_name': 'X', 'quantity': 1}],
                      location_id=self.env.ref('stock.stock_location_customers').id)

    # ------------------------------------------------------------------ what is kept

    def test_posted_document_cannot_be_changed_by_anyone(self):
        repack = self._repack('split', [(self.lot, 30)], [{'lot_name': 'A-1', 'quantity': 30}])
        repack.action_post()
        hostile = {'med_repack_permitted': repack.ids, 'permit': True, 'default_state': 'draft',
                   'force': True, 'install_mode': True, 'tracking_disable': True}
        admin = self.user('system_admin,warehouse')
        for user in (self.operator, admin, self.env.ref('base.user_root')):
            mine = repack.with_user(user).with_context(**hostile)
            for action in (
                    lambda doc: doc.write({'state': 'draft'}),
                    lambda doc: doc.write({'reason': "another"}),
                    lambda doc: doc.write({'kind': 'repack'}),
                    lambda doc: doc.write({'name': "X", 'date_done': False, 'user_id': 1}),
                    lambda doc: doc.write({'input_ids': [Command.clear()]}),
                    lambda doc: doc.write({'output_ids': [Command.create(
                        {'product_id': self.box.id, 'lot_name': 'Z', 'quantity': 1})]}),
                    lambda doc: doc.input_ids.write({'quantity': 1}),
                    lambda doc: doc.output_ids.write({'lot_name': 'Z'}),
                    lambda doc: doc.output_ids.unlink(),
                    lambda doc: doc.output_ids.copy(),
                    lambda doc: doc.unlink(),
                    lambda doc: doc.action_cancel(),
                    lambda doc: doc.action_post(),
                    lambda doc: doc.move_ids.write({'med_repack_id': False}),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    action(mine)
        self.assertRecordValues(repack, [{
            'state': 'done', 'reason': "Change order 31", 'kind': 'split',
            'user_id': self.operator.id}])

    def test_draft_is_posted_by_posting_only(self):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._repack('split', [], [], state='done')
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env['med.repack'].with_context(default_state='done').create({'reason': "x"})
        repack = self._repack('split', [], [])
        for values in ({'state': 'done'}, {'date_done': EARLY}, {'user_id': 1}, {'name': "X"}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                repack.write(values)

    def test_line_cannot_be_moved_into_or_out_of_a_posted_document(self):
        posted = self._repack('split', [(self.lot, 30)], [{'lot_name': 'A-1', 'quantity': 30}])
        posted.action_post()
        draft = self._repack('split', [(self.lot, 3)], [])
        for line, target in ((posted.input_ids, draft), (draft.input_ids, posted)):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                line.sudo().repack_id = target

    def test_stock_move_cannot_be_declared_part_of_a_repack(self):
        posted = self._repack('split', [(self.lot, 30)], [{'lot_name': 'A-1', 'quantity': 30}])
        posted.action_post()
        values = {'product_id': self.box.id, 'product_uom_qty': 1, 'location_id': self.stock.id,
                  'location_dest_id': self.stock.id}
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env['stock.move'].create({**values, 'med_repack_id': posted.id})
        move = self.env['stock.move'].create(values)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            move.med_repack_id = posted
        self.assertFalse(posted.move_ids.copy().med_repack_id)

    def test_cancelled_draft_stays_on_file_and_is_closed(self):
        repack = self._repack('split', [(self.lot, 3)], [])
        repack.action_cancel()
        self.assertEqual(repack.state, 'cancel')
        with self.assertRaises(UserError), self.env.cr.savepoint():
            repack.reason = "x"
        with self.assertRaises(UserError), self.env.cr.savepoint():
            repack.action_post()

    def test_copy_of_a_posted_document_is_a_draft_with_a_number_of_its_own(self):
        repack = self._repack('split', [(self.lot, 30)], [{'lot_name': 'A-1', 'quantity': 30}])
        repack.action_post()
        copy = repack.copy()
        self.assertRecordValues(copy, [{'state': 'draft', 'date_done': False, 'user_id': False}])
        self.assertNotEqual(copy.name, repack.name)
        self.assertFalse(copy.move_ids or copy.output_ids.lot_id or copy.output_ids.lot_name)

    # ------------------------------------------------------------------ who and how

    def test_operator_shift_leader_and_warehouse_post_and_others_only_read(self):
        for number, role in enumerate(('shift_leader', 'warehouse')):
            self._repack('split', [(self.lot, 1)], [{'lot_name': f'R{number}', 'quantity': 1}],
                         user=self.user(role)).action_post()
        draft = self._repack('split', [(self.lot, 1)], [{'lot_name': 'N', 'quantity': 1}])
        for user in (self.viewer, self.user('qa')):
            self.assertEqual(draft.with_user(user).reason, "Change order 31")
            for action in (lambda doc: doc.action_post(), lambda doc: doc.action_cancel(),
                           lambda doc: doc.write({'reason': "x"}), lambda doc: doc.copy()):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    action(draft.with_user(user))
        with self.assertRaises(AccessError):
            draft.with_user(self.user('system_admin')).read(['reason'])

    def test_form_proposes_the_product_and_shows_what_is_free(self):
        with Form(self.env['med.repack'].with_user(self.user('warehouse'))) as form:
            form.kind = 'split'
            form.reason = "Sample for the laboratory"
            with form.input_ids.new() as line:
                line.lot_id = self.lot
                self.assertEqual(line.available, 100)
                line.quantity = 2
            with form.output_ids.new() as line:
                self.assertEqual(line.product_id, self.box)
                line.lot_name = 'A-S'
                line.quantity = 2
        repack = form.record
        self.assertEqual(repack.location_id, self.stock)
        repack.action_post()
        self.assertEqual(repack.action_trace()['params']['lot_ids'],
                         repack.output_ids.lot_id.ids)
        self.assertEqual(
            len(self.env['stock.move.line'].search(repack.action_view_moves()['domain'])), 2)


@tagged('post_install', '-at_install')
class TestMedRepackRpc(HttpCase):
    """T6, T7: another program repacks as a person does, and no context key opens a closed one."""

    requirement = "T6 T7"

    def _call(self, method, *args, **kwargs):
        with mute_logger('odoo.addons.rpc.controllers.xmlrpc', 'odoo.http',
                         'odoo.service.model'):
            return self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.user.id, 'med_rpc_operator', 'med.repack', method, args,
                kwargs)

    def test_repack_is_made_posted_and_closed_over_rpc(self):
        self.user = new_test_user(
            self.env, 'med_rpc_operator', groups='med_base.med_base_group_operator')
        product = self.env['product.product'].create(
            {'name': "Kit", 'is_storable': True, 'tracking': 'lot'})
        lot = self.env['stock.lot'].create({'name': 'A', 'product_id': product.id})
        stock = self.env['stock.warehouse'].search(
            [('company_id', '=', self.env.company.id)], limit=1).lot_stock_id
        self.env['stock.quant']._update_available_quantity(product, stock, 10, lot_id=lot)
        repack = self._call('create', {
            'kind': 'split', 'reason': "Sample", 'input_ids': [
                [0, 0, {'lot_id': lot.id, 'quantity': 4}]],
            'output_ids': [[0, 0, {'product_id': product.id, 'lot_name': 'B', 'quantity': 4}]]})
        self.assertIs(self._call('action_post', [repack]), True)
        document = self.env['med.repack'].browse(repack)
        self.assertEqual((document.state, document.user_id), ('done', self.user))
        self.assertEqual(document.output_ids.lot_id.product_qty, 4)
        hostile = {'med_repack_permitted': [repack], 'force': True, 'default_state': 'draft'}
        for call in (('write', [repack], {'state': 'draft'}), ('write', [repack], {'reason': "x"}),
                     ('action_post', [repack]), ('action_cancel', [repack])):
            with self.assertRaisesRegex(Fault, "closed|not a draft|by posting"):
                self._call(*call, context=hostile)
        for private in ('_permit', '_post', '_is_permitted'):
            with self.assertRaises(Fault):
                self._call(private, [repack])
        self.assertEqual(document.state, 'done')
