from odoo.addons.med_exchange_goods.tests.test_inbound import amount
from odoo.tests.common import tagged

from ..hooks import KEPT, uninstall_hook
from .common import NonconformityExchangeCase


@tagged("post_install", "-at_install")
class TestRemoval(NonconformityExchangeCase):
    """What partners reported outlives the addon, and with it who said it."""

    requirement = "P11-10c ISO-4.2.5"

    def test_every_table_that_holds_a_word_of_a_partner_is_kept(self):
        mine = {
            field.model_name.replace(".", "_") for model in self.env.registry.values()
            for field in model._fields.values()
            if field._module == "med_exchange_nonconformity" and field.store
            and model._auto and not model._transient and not model._abstract}
        self.assertEqual(set(KEPT), mine)

    def test_removal_copies_who_reported_what_by_which_number(self):
        self.in_stock(self.tube, "T-1")
        record = self.apply("nonconformity", self.told(
            {"lot": "T-1", "quantity": amount("2"), "note": "Two of ten"}),
            self.processor, object_id="NC-7")
        handler = self.handler("nonconformity", self.processor)
        handler._med_compensate(self.processor.with_env(handler.env),
                                record.with_env(handler.env), {}, None)
        uninstall_hook(self.env)
        self.env.cr.execute("""
            SELECT n.exchange_partner_id, n.partner_number, n.withdrawn_at IS NOT NULL,
                   l.told, l.reported_quantity::int, l.reported_note
              FROM med_evidence.med_nonconformity n
              JOIN med_evidence.med_nonconformity_line l ON l.nonconformity_id = n.id
             WHERE n.id = %s""", [record.id])
        self.assertEqual(self.env.cr.fetchall(), [
            (self.processor.id, "NC-7", True, True, 2, "Two of ten")])
