from odoo.addons.med_traceability.hooks import post_init_hook, uninstall_hook
from odoo.tests.common import tagged

from .common import TraceCase


@tagged('post_install', '-at_install')
class TestHooks(TraceCase):
    """Evidence outlives the addon, and an existing history becomes genealogy (P11-10c, TRC-1)."""

    requirement = 'P11-10c TRC-1 ISO-7.5.9'

    def setUp(self):
        super().setUp()
        board, pump = self.product("Board", 'serial'), self.product("Pump", 'serial')
        self.boards = self.receive(board, {'H-B1': 1, 'H-B2': 1})
        self.pumps = self.lots_of(pump, 'H-P1', 'H-P2')
        self.made = self.make(
            pump, 2, [(board, lot, 1) for lot in self.boards], self.pumps)
        self.made.med_record_parts([{'unit': 'H-P1', 'part': 'H-B2'}])

    def forget(self):
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM med_genealogy_link")
        self.env.cr.execute("DELETE FROM med_genealogy_event")
        self.env.invalidate_all()

    def test_removal_keeps_a_copy_with_names(self):
        uninstall_hook(self.env)
        self.forget()
        self.env.cr.execute(
            "SELECT lot_name FROM med_evidence.med_genealogy_line WHERE lot_id = ANY(%s)",
            [self.pumps.ids])
        self.assertEqual({name for (name,) in self.env.cr.fetchall()}, {'H-P1', 'H-P2'})

    def test_a_second_removal_does_not_overwrite_the_first(self):
        uninstall_hook(self.env)
        uninstall_hook(self.env)
        self.env.cr.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'med_evidence' "
            "AND tablename LIKE 'med_genealogy_link%'")
        self.assertEqual(self.env.cr.fetchone(), (2,))

    def test_installing_again_brings_back_history_and_recorded_parts(self):
        before = self.graph()
        uninstall_hook(self.env)
        self.forget()
        post_init_hook(self.env)
        self.assertEqual(self.graph(), before)
        self.assertEqual(self.names(self.backward(self.pumps[0]), exact=True), ['H-B2'])
        self.assertEqual(self.names(self.backward(self.pumps[1]), exact=False), ['H-B1'])
        self.assertInStep()
