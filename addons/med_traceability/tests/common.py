from itertools import count

import freezegun
from odoo.addons.med_base.tests.common import MedCase
from odoo.fields import Command

GRAPH = """
    SELECT l.kind, l.side, e.res_model, e.res_id, l.move_line_id, l.product_id, l.lot_id,
           l.quantity, l.certain, l.linked, l.open, l.closed_product_ids
      FROM med_genealogy_line l JOIN med_genealogy_event e ON e.id = l.event_id
     WHERE l.active ORDER BY l.move_line_id, l.side, e.res_model, e.res_id, l.lot_id
"""


class TraceCase(MedCase):
    """Flows of lots through Odoo's own documents, one minute apart on a clock of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._start_clock()
        cls.numbers = count(1)
        cls.company = cls.env.company
        cls.warehouse = cls._warehouse(cls.company)
        cls.stock = cls.warehouse.lot_stock_id
        cls.suppliers = cls.env.ref('stock.stock_location_suppliers')
        cls.customers = cls.env.ref('stock.stock_location_customers')
        cls.supplier, cls.other_supplier = cls.env['res.partner'].create([
            {'name': "Trace supplier one"}, {'name': "Trace supplier two"}])
        cls.hospital, cls.clinic = cls.env['res.partner'].create([
            {'name': "Trace hospital", 'country_id': cls.env.ref('base.de').id},
            {'name': "Trace clinic", 'country_id': cls.env.ref('base.fr').id}])

    @classmethod
    def user(cls, role, granted=True, **kw):
        """As the factory's; a guest auditor is granted access to the user's companies.

        :param granted: False for an auditor to whom nothing is granted
        """
        user = super().user(role, **kw)
        if granted and 'auditor' in role.split(','):
            cls.env['med.auditor.access'].create({
                'user_id': user.id, 'date_from': '2000-01-01 00:00:00', 'reason': "Test",
                'date_until': '2100-01-01 00:00:00', 'company_ids': [
                    Command.set(user.company_ids.ids)]})
        return user

    @classmethod
    def _start_clock(cls):
        freezegun.configure(extend_ignore_list=['_pytest.'])  # it times the tests
        frozen = freezegun.freeze_time('2026-03-02 08:00:00')
        cls.clock = frozen.start()
        cls.addClassCleanup(frozen.stop)

    # ------------------------------------------------------------------ master data

    @classmethod
    def _warehouse(cls, company):
        return cls.env['stock.warehouse'].search([('company_id', '=', company.id)], limit=1)

    @classmethod
    def product(cls, name, tracking='lot', **values):
        return cls.env['product.product'].create({
            'name': name, 'type': 'consu', 'is_storable': True, 'tracking': tracking, **values})

    @classmethod
    def lots_of(cls, product, *names):
        """Return new lots; a name that is left out is made up."""
        return cls.env['stock.lot'].create([
            {'name': name, 'product_id': product.id}
            for name in names or [f'T{next(cls.numbers):05d}']])

    @classmethod
    def foreign_company(cls, name="Trace second company"):
        """Return a second company that the test's user may use too."""
        company = cls.env['res.company'].create({'name': name})
        cls.env.user.company_ids |= company
        cls.env = cls.env(context={
            **cls.env.context, 'allowed_company_ids': [cls.company.id, company.id]})
        return company

    # ------------------------------------------------------------------ documents

    @classmethod
    def tick(cls):
        cls.clock.tick(60)

    @classmethod
    def move(cls, rows, source, target, kind='internal', partner=None, company=None, **values):
        """Post one picking.

        :param rows: list of (product, lot or None, quantity)
        :return: the done `stock.picking`
        """
        cls.tick()
        warehouse = cls._warehouse(company or cls.company)
        kind = {'in': warehouse.in_type_id, 'out': warehouse.out_type_id,
                'internal': warehouse.int_type_id}[kind]
        picking = cls.env['stock.picking'].with_company(company or cls.company).create({
            'picking_type_id': kind.id, 'location_id': source.id, 'location_dest_id': target.id,
            'partner_id': partner.id if partner else False, **values})
        for product, lot, quantity in rows:
            cls.env['stock.move'].create({
                'picking_id': picking.id, 'product_id': product.id, 'product_uom_qty': quantity,
                'product_uom': product.uom_id.id, 'location_id': source.id,
                'location_dest_id': target.id, 'company_id': picking.company_id.id,
                'move_line_ids': [Command.create({
                    'picking_id': picking.id, 'product_id': product.id, 'quantity': quantity,
                    'lot_id': lot.id if lot else False, 'location_id': source.id,
                    'location_dest_id': target.id, 'company_id': picking.company_id.id})],
            })
        picking.move_ids.picked = True
        picking.with_context(skip_expired=True)._action_done()
        assert picking.state == 'done', picking.state
        return picking

    @classmethod
    def receive(cls, product, quantities, partner=None, company=None):
        """Receive lots, or untracked stock; return the lots.

        :param quantities: ``{name or lot: quantity}``, a number for untracked stock
        """
        if product.tracking == 'none':
            quantities, lots = {None: quantities}, [None]
        else:
            lots = [cls.lots_of(product, name) if isinstance(name, str) else name
                    for name in quantities]
        cls.move([(product, lot, quantity)
                  for lot, quantity in zip(lots, quantities.values(), strict=True)],
                 cls.suppliers, cls._warehouse(company or cls.company).lot_stock_id, 'in',
                 partner or cls.supplier, company)
        return cls.env['stock.lot'].union(*filter(None, lots))

    @classmethod
    def deliver(cls, rows, partner=None, company=None):
        """Deliver (product, lot, quantity) rows, or a lot with its quantity; return the picking."""
        return cls.move(rows, cls._warehouse(company or cls.company).lot_stock_id, cls.customers,
                        'out', partner or cls.hospital, company)

    @classmethod
    def take_back(cls, picking, quantities):
        """Return some of a delivery through Odoo's own wizard.

        :param quantities: ``{lot or None: quantity}``
        :return: the done return picking
        """
        cls.tick()
        wizard = cls.env['stock.return.picking'].with_context(
            active_id=picking.id, active_ids=picking.ids, active_model='stock.picking').create({})
        for line in wizard.product_return_moves:
            line.quantity = sum(
                quantities.get(lot, 0) for lot in {
                    part.lot_id or None for part in line.move_id.move_line_ids})
        back = wizard._create_return()
        for move in back.move_ids:
            move.move_line_ids.unlink()
            move.move_line_ids = [Command.create({
                'picking_id': back.id, 'product_id': move.product_id.id, 'quantity': quantity,
                'lot_id': lot.id if lot else False, 'location_id': move.location_id.id,
                'location_dest_id': move.location_dest_id.id, 'company_id': move.company_id.id,
            }) for lot, quantity in quantities.items()
                if lot in {part.lot_id or None
                           for part in move.origin_returned_move_id.move_line_ids}]
        back.move_ids.picked = True
        back._action_done()
        assert back.state == 'done', back.state
        return back

    @classmethod
    def order(cls, product, quantity, components, lots=None, byproducts=(), **values):
        """Return a confirmed order, ready to be closed.

        :param components: list of (product, lot or None, quantity)
        :param lots: lots or serials that it makes
        :param byproducts: list of (product, lot or None, quantity)
        """
        cls.tick()
        company = values.pop('company', cls.company)
        warehouse = cls._warehouse(company)
        place = product.with_company(company).property_stock_production
        needs = {}
        for component, _lot, amount in components:
            needs[component] = needs.get(component, 0) + amount
        order = cls.env['mrp.production'].with_company(company).create({
            'product_id': product.id, 'product_qty': quantity, 'bom_id': False,
            'company_id': company.id, 'picking_type_id': warehouse.manu_type_id.id,
            'location_src_id': warehouse.lot_stock_id.id,
            'location_dest_id': warehouse.lot_stock_id.id,
            'move_raw_ids': [Command.create({
                'product_id': component.id, 'product_uom_qty': amount,
                'product_uom': component.uom_id.id, 'location_id': warehouse.lot_stock_id.id,
                'location_dest_id': place.id}) for component, amount in needs.items()],
            'move_byproduct_ids': [Command.create({
                'product_id': extra.id, 'product_uom_qty': amount, 'product_uom': extra.uom_id.id,
                'location_id': place.id, 'location_dest_id': warehouse.lot_stock_id.id})
                for extra, _lot, amount in byproducts],
            **values})
        order.action_confirm()
        for move in order.move_raw_ids:
            cls._set_lines(move, components)
        for move in order.move_byproduct_ids:
            cls._set_lines(move, byproducts)
        if lots:
            order.lot_producing_ids = [Command.set(lots.ids)]
        order.qty_producing = quantity
        return order

    @classmethod
    def _set_lines(cls, move, rows):
        move.move_line_ids.unlink()
        move.move_line_ids = [Command.create({
            'product_id': move.product_id.id, 'lot_id': lot.id if lot else False,
            'quantity': quantity, 'location_id': move.location_id.id,
            'location_dest_id': move.location_dest_id.id, 'company_id': move.company_id.id,
        }) for product, lot, quantity in rows if product == move.product_id]
        move.picked = True

    @classmethod
    def close(cls, order, backorder=False):
        """Close an order; with `backorder` the rest stays in a new one."""
        order.with_context(
            skip_consumption=True, skip_expired=True, skip_backorder=True,
            mo_ids_to_backorder=order.ids if backorder else []).button_mark_done()
        assert order.state == 'done', order.state
        return order

    @classmethod
    def make(cls, product, quantity, components, lots=None, byproducts=(), **values):
        return cls.close(cls.order(product, quantity, components, lots, byproducts, **values))

    @classmethod
    def unbuild(cls, order, quantity, lot=None):
        cls.tick()
        unbuild = cls.env['mrp.unbuild'].create({
            'product_id': order.product_id.id, 'mo_id': order.id, 'product_qty': quantity,
            'lot_id': lot.id if lot else False, 'location_id': order.location_dest_id.id,
            'location_dest_id': order.location_src_id.id})
        unbuild.action_unbuild()
        return unbuild

    @classmethod
    def scrap(cls, lot, quantity, product=None):
        cls.tick()
        scrap = cls.env['stock.scrap'].create({
            'product_id': (product or lot.product_id).id, 'lot_id': lot.id if lot else False,
            'scrap_qty': quantity, 'location_id': cls.stock.id})
        scrap.do_scrap()
        return scrap

    @classmethod
    def count_stock(cls, product, lot, quantity):
        """Make an inventory count say `quantity`."""
        cls.tick()
        quant = cls.env['stock.quant'].with_context(inventory_mode=True).create({
            'product_id': product.id, 'lot_id': lot.id if lot else False,
            'location_id': cls.stock.id, 'inventory_quantity': quantity})
        quant.action_apply_inventory()

    @classmethod
    def repack(cls, kind, inputs, outputs):
        """Post a repack, split or merge.

        :param inputs: list of (lot, quantity)
        :param outputs: list of (product, lot or name, quantity)
        """
        cls.tick()
        repack = cls.env['med.repack'].create({
            'kind': kind, 'reason': "Test", 'location_id': cls.stock.id,
            'input_ids': [Command.create({'lot_id': lot.id, 'quantity': quantity})
                          for lot, quantity in inputs],
            'output_ids': [Command.create({
                'product_id': product.id, 'quantity': quantity,
                'lot_name': lot if isinstance(lot, str) else False,
                'lot_id': False if isinstance(lot, str) else lot.id})
                for product, lot, quantity in outputs]})
        repack.action_post()
        return repack

    # ------------------------------------------------------------------ what is asked

    def names(self, answer, exact=None):
        """Return the names of the lots in an answer, roots left out."""
        return sorted(row['name'] for row in answer['lots'] if row['level'] and row['id'] > 0
                      and exact in (None, row['exact']))

    def forward(self, lots, **kw):
        return lots.med_trace(direction='forward', **kw)

    def backward(self, lots, **kw):
        return lots.med_trace(direction='backward', **kw)

    def balance(self, lot):
        [row] = lot.med_balance()['lots']
        return row

    def shipped(self, lots):
        """Return ``{(partner, lot name): net}`` of all consignees."""
        answer = self.forward(lots)
        names = {row['id']: row['name'] for row in answer['lots']}
        return {(row['partner'], names[row['lot_id']]): row['net']
                for row in answer['consignees']}

    def graph(self):
        """Return all genealogy lines in force, without their ids."""
        self.env.flush_all()
        self.env.cr.execute(GRAPH)
        return self.env.cr.fetchall()

    def assertInStep(self):
        """Genealogy and stock moves say the same."""
        self.assertEqual(self.env['med.genealogy']._differences(), [])
