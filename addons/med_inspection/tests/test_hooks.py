from odoo.tests.common import tagged

from ..hooks import KEPT, uninstall_hook
from .common import InspectCase


@tagged("post_install", "-at_install")
class TestRemoval(InspectCase):
    """What was measured and decided outlives the addon."""

    requirement = "P11-10c ISO-4.2.5"

    def test_every_table_of_the_addon_is_kept(self):
        mine = [model for model in self.env.registry.values()
                if model._original_module == "med_inspection" and model._auto
                and not model._transient and not model._abstract]
        self.env.cr.execute("""SELECT tablename FROM pg_tables WHERE schemaname = 'public'
                                  AND tablename ~ '_rel$'""")
        links = {table for (table,) in self.env.cr.fetchall()
                 if any(table.startswith(f"{model._table}_") for model in mine)}
        self.assertIn("med_inspection_stock_lot_rel", links)
        self.assertEqual(set(KEPT), {model._table for model in mine} | links)

    def test_removal_copies_which_lots_were_inspected(self):
        self.plan()
        inspection = self.inspected("H-1")
        uninstall_hook(self.env)
        self.env.cr.execute(
            "SELECT stock_lot_id FROM med_evidence.med_inspection_stock_lot_rel "
            "WHERE med_inspection_id = %s", [inspection.id])
        self.assertEqual(self.env.cr.fetchall(), [(inspection.lot_id.id,)])
