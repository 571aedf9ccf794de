from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TraceCase


@tagged('post_install', '-at_install')
class TestTours(TraceCase, HttpCase):
    """TRC-1, TRC-2, TRC-3, TRC-4, T1, T3, T8: the screens, in a browser.

    Core's own forms of a lot and an order read sales and repairs when these are installed, so
    what starts there is done by roles that have them; what is ours alone, by a viewer.
    """

    requirement = "TRC-1 TRC-2 TRC-3 TRC-4 T1 T3 T8"

    @classmethod
    def _start_clock(cls):
        """Leave the clock alone: a browser and a server run by the real one."""

    @classmethod
    def tick(cls):
        """Let time pass by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.user('operator')
        cls.warehouseman = cls.user('warehouse,operator')
        cls.viewer = cls.user('viewer')

    @classmethod
    def kit(cls):
        """Return raw material and the kit made of it, 8 of 10 shipped and 3 of these back."""
        raw = cls.receive(cls.product("Tour pellets"), {'MT-RAW': 25})
        kit = cls.lots_of(cls.product("Tour kit"), 'MT-KIT')
        cls.make(kit.product_id, 10, [(raw.product_id, raw, 20)], kit)
        picking = cls.deliver([(kit.product_id, kit, 8)])
        cls.take_back(picking, {kit: 3})
        return raw, kit

    def tour(self, path, name, user):
        self.start_tour(path, name, login=user.login, timeout=120)
        self.env.invalidate_all()

    def test_parts_of_a_unit_are_recorded_by_scanning(self):
        """TRC-2, T3: an operator scans; every record bears a name, a time and its source."""
        board, motor, pump = (
            self.product(name, 'serial') for name in ("Tour board", "Tour motor", "Tour pump"))
        boards = self.receive(board, {f'MT-B{n}': 1 for n in (1, 2, 3)})
        motors = self.receive(motor, {f'MT-M{n}': 1 for n in (1, 2, 3)})
        units = self.lots_of(pump, 'MT-U1', 'MT-U2', 'MT-U3')
        parts = [(lot.product_id, lot, 1) for lot in boards | motors]
        order = self.make(pump, 3, parts, units)
        with mute_logger('odoo.http'):  # the sentence about the part that the order has not
            self.tour(f'/odoo/manufacturing/{order.id}', 'med_parts_tour', self.operator)
        links = self.env['med.genealogy.link'].with_context(active_test=False).search(
            [('production_id', '=', order.id)])
        self.assertEqual(links.user_id, self.operator)
        taken = links.filtered(lambda link: not link.active)
        self.assertEqual(taken.mapped('input_lot_id.name'), ['MT-B1'])
        self.assertEqual(taken.superseded_reason, "Scanned the wrong board")
        self.assertEqual(taken.superseded_uid, self.operator)
        self.assertEqual(
            {(link.output_lot_id.name, link.input_lot_id.name, link.source)
             for link in links - taken},
            {('MT-U1', 'MT-B1', 'rule'), ('MT-U1', 'MT-M1', 'rule'), ('MT-U2', 'MT-B2', 'scan'),
             ('MT-U2', 'MT-M2', 'scan'), ('MT-U3', 'MT-B3', 'rule'), ('MT-U3', 'MT-M3', 'rule')})
        for unit, number in zip(units, '123', strict=True):
            self.assertEqual(
                self.names(self.backward(unit), exact=True), [f'MT-B{number}', f'MT-M{number}'])

    def test_a_lot_is_traced_forward_and_backward_on_screen(self):
        """TRC-1, T1: consignees and suppliers are found, and nothing changes."""
        raw, kit = self.kit()
        before = self.graph()
        self.tour(f'/odoo/med-lots/{raw.id}', 'med_trace_tour', self.warehouseman)
        self.assertEqual(self.graph(), before)
        self.assertEqual(self.shipped(raw), {("Trace hospital", 'MT-KIT'): 5.0})
        self.assertEqual(self.names(self.backward(kit), exact=True), ['MT-RAW'])

    def test_thousands_of_lots_are_grouped_and_none_is_lost(self):
        """TRC-1, TRC-4: what the graph shows of a large answer with a loop."""
        self.tour('/odoo/med-trace', 'med_large_graph_tour', self.viewer)

    def test_the_balance_of_a_lot_is_shown_with_its_postings(self):
        """TRC-3: in, out and on hand as the records have them."""
        _raw, kit = self.kit()
        self.tour(f'/odoo/med-lots/{kit.id}', 'med_balance_tour', self.warehouseman)
        row = self.balance(kit)
        self.assertEqual(
            (row['made'], row['returned'], row['shipped'], row['on_hand'], row['balanced']),
            (10.0, 3.0, 8.0, 5.0, True))

    def test_what_does_not_balance_is_shown_and_not_hidden(self):
        """TRC-3: stock that vanished behind Odoo's back."""
        raw, _kit = self.kit()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_quant SET quantity = quantity - 2 WHERE lot_id = %s AND location_id = %s",
            [raw.id, self.stock.id])
        self.env.invalidate_all()
        self.tour(f'/odoo/med-balance?lot_ids={raw.id}', 'med_unbalanced_tour', self.viewer)
        self.assertEqual(self.balance(raw)['difference'], 2.0)

    def test_the_evidence_of_a_lot_opens_from_its_form(self):
        """T8: one button away, on paper and as data."""
        _raw, kit = self.kit()
        self.tour(f'/odoo/med-lots/{kit.id}', 'med_evidence_tour', self.warehouseman)
        self.authenticate(self.viewer.login, self.viewer.login)
        answer = self.url_open(f'/med/evidence.pdf?lot_ids={kit.id}')
        self.assertEqual(answer.content[:4], b'%PDF')
        self.assertEqual(kit.med_evidence()['lots'][0]['lot']['name'], 'MT-KIT')
