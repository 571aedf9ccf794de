from odoo.addons.med_signature.tools.permit import permit
from odoo.fields import Datetime
from odoo.tests.common import tagged

from .common import ChangeExchangeCase


@tagged("post_install", "-at_install")
class TestRevision(ChangeExchangeCase):
    """What is told and taken as a product's revision is the version in force (X1, V5)."""

    requirement = "X1 data map, V5 revisions, X4 business events"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.versions = cls.env["med.product.version"]
        cls.bill = cls.env["mrp.bom"].create({
            "product_tmpl_id": cls.stent.product_tmpl_id.id, "bom_line_ids": [
                (0, 0, {"product_id": cls.tube.id, "product_qty": 2})]})

    def version(self, number, **values):
        with permit(self.versions._name, (), f"{number}"):
            return self.versions.sudo().create({
                "product_tmpl_id": self.stent.product_tmpl_id.id, "number": number,
                "digest": f"{number}",
                "effective_from": Datetime.now(), "content": {"a": number}, "names": {"a": "A"},
                **values})

    def told(self):
        return [self.export(schema, record)[record.id].get("revision")
                for schema, record in (("product", self.stent), ("bom", self.bill))]

    def test_a_version_that_comes_in_force_is_told(self):
        for number, schema, record in (("1", "product", self.stent), ("2", "bom", self.bill)):
            with self.subTest(schema), self.heard(schema) as heard:
                self.version(int(number))
            self.assertIn(record, heard.records)
            self.assertEqual(self.told(), [number, number])

    def test_a_version_of_later_is_not_told_as_this_one(self):
        self.version(1)
        self.version(2, effective_lot="L-900")
        self.version(3, effective_from="2099-01-01 00:00:00")
        self.assertEqual(self.told(), ["1", "1"])

    def test_a_lot_is_taken_of_the_version_that_it_comes_under(self):
        self.version(1)
        self.version(2, effective_lot="L-900")
        self.version(3, effective_from="2099-01-01 00:00:00")

        def lot(name, revision):
            return {"product": "ST-1", "lot": name, "revision": revision}
        for name, revision in (("L-100", "2"), ("L-100", "3"), ("L-900", "1")):
            with self.subTest(name, revision=revision):
                self.assertRefused("/revision", "It is of revision", "lot", lot(name, revision))
        for name, revision in (("L-100", "1"), ("L-900", "2")):
            self.assertEqual(self.apply("lot", lot(name, revision)).name, name)
