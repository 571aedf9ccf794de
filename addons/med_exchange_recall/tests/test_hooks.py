from odoo.addons.med_base.tests.common import tables_of
from odoo.tests.common import tagged

from ..hooks import KEPT, uninstall_hook
from .common import RecallExchangeCase


@tagged("post_install", "-at_install")
class TestRemoval(RecallExchangeCase):
    """Whom dealers sold our goods on to, and what consignees answered, outlives the addon."""

    requirement = "P11-10c ISO-4.2.5"

    def test_every_table_of_the_addon_is_kept(self):
        self.assertEqual(set(KEPT), tables_of(self.env, "med_exchange_recall"))

    def test_removal_copies_who_bought_which_lot_and_what_was_said_before(self):
        sale = self.apply("sale_on", self.sale(), self.his, object_id="INV-77")
        self.apply("sale_on", self.sale(quantity="3"), self.his, sale, object_id="INV-77")
        uninstall_hook(self.env)
        self.env.cr.execute("""
            SELECT s.buyer_name, s.buyer_email, s.exchange_partner_id, l.lot_id,
                   l.quantity::int, l.active
              FROM med_evidence.med_sale_on s
              JOIN med_evidence.med_sale_on_line l ON l.sale_id = s.id
             WHERE s.id = %s ORDER BY l.id""", [sale.id])
        buyer = ("Clinic Nine", "nine@example.com", self.his.id, self.lot.id)
        self.assertEqual(self.env.cr.fetchall(), [(*buyer, 2, False), (*buyer, 3, True)])

    def test_an_answer_that_a_program_gave_is_the_recalls_and_stays_with_it(self):
        self.sent()
        self.apply("recall_notice", self.told(), self.his, object_id=self.code(self.one))
        models = {self.one.answer_ids._name, self.one.answer_ids.line_ids._name, self.one._name}
        self.assertEqual({self.env.registry[name]._original_module for name in models},
                         {"med_recall_notice"})
        self.assertEqual(self.one.answer_ids.via, "rpc")
