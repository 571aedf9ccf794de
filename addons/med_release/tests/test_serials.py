from odoo.tests import tagged

from .common import ReleaseCase


@tagged("post_install", "-at_install")
class TestManySerials(ReleaseCase):
    """Serials of one order are one decision, whatever their number."""

    requirement = "ISO-8.2.6 R1"

    def cost(self, count):
        device = self.device(f"Serial pump {count}", "serial")
        release = self.made([f"S{count}-{n:04}" for n in range(count)], count, product=device)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.produce(release)
        self.market(release)
        self.env.flush_all()
        self.assertEqual(len(release.disposition_ids), 1)
        self.assertEqual(set(release._med_output_lots().mapped("med_status")), {"released"})
        return self.cr.sql_log_count - before

    def test_the_number_of_queries_does_not_grow_with_the_serials(self):
        few, many = self.cost(20), self.cost(200)
        self.assertLess(many - few, 20)
