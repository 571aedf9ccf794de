from odoo.tests import Form, tagged

from .common import CapaCase


@tagged("post_install", "-at_install")
class TestSimilar(CapaCase):
    """Similar earlier cases are shown while a new one is written."""

    requirement = "ISO-8.5.2 Q1"

    def test_what_agrees_most_comes_first(self):
        same, other = self.reported(product=self.stent.id), self.reported(product=self.tube.id)
        mine = self.reported(product=self.stent.id)
        first = self.case(nonconformity_ids=[(4, other.id)], product_ids=[(6, 0, self.tube.ids)])
        second = self.case(nonconformity_ids=[(4, same.id)])
        strange = self.case(product_ids=[(5,)])
        record = self.case(nonconformity_ids=[(4, mine.id)])
        self.assertEqual(record.similar_ids.ids[:2], [second.id, first.id])
        self.assertNotIn(strange, record.similar_ids)
        self.assertNotIn(record, record.similar_ids)
        self.assertEqual(record.similar_nonconformity_ids.ids[:2], [same.id, other.id])
        self.assertNotIn(mine, record.similar_nonconformity_ids)

    def test_they_are_shown_before_it_is_saved(self):
        earlier = self.case()
        form = Form(self.env["med.capa"].with_user(self.anna))
        self.assertFalse(len(form.similar_ids))
        form.product_ids.add(self.stent)
        self.assertIn(earlier.id, form.similar_ids.ids)
