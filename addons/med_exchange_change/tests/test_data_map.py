from odoo.addons.med_exchange.tests.told import neither
from odoo.tests.common import tagged

from .common import ChangeExchangeCase


@tagged("post_install", "-at_install")
class TestDataMap(ChangeExchangeCase):
    """Every field of the schema is told by us or read of what others tell."""

    requirement = "X1 X2 G4 ISO-7.3.9"

    def test_every_field_is_told_or_read(self):
        self.in_stock(self.tube, "T-1")
        _notice, by_date = self.read("change_notice", self.theirs(), self.processor,
                                     object_id="S-CH-4")
        lot = self.theirs(number="S-CH-5", effective_kind="lot", effective_lot="T-9")
        del lot["effective_date"]
        theirs, by_lot = self.read("change_notice", lot, self.processor, object_id="S-CH-5")
        ours = self.told_of(self.requested())
        _notice, answer = self.read("change_notice", self.answered_with(
            ours, agreement_note="With the tests"), self.processor, object_id=ours.name)
        told = [*self.export("change_notice", ours).values(),
                *self.export("change_notice", theirs).values()]
        self.assertEqual(neither("change_notice", told, [by_date, by_lot, answer]), [])
