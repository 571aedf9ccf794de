from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CapaCase


@tagged("post_install", "-at_install")
class TestOpen(CapaCase):
    """A case is opened by hand or by a program, for nonconformities or without."""

    requirement = "ISO-8.5.2 ISO-8.5.3 Q1"

    def test_a_case_takes_products_and_supplier_from_its_nonconformities(self):
        found = self.reported(self.in_stock(self.stent, "A1"), description="Seen in May")
        found.with_user(self.anna).partner_id = self.supplier
        told = self.env["med.capa"].with_user(self.anna).open_case(
            summary="Seals open", nonconformities=found.ids, source="nonconformity")
        record = self.env["med.capa"].browse(told["capa"])
        self.assertEqual(told, {"version": 1, "capa": record.id, "name": record.name})
        self.assertRecordValues(record, [{
            "source": "nonconformity", "product_ids": self.stent.ids, "problem": "Seen in May",
            "partner_id": self.supplier.id, "owner_id": self.anna.id, "state": "open"}])
        self.assertTrue(record.name.startswith("CAPA/2026/"))
        self.assertEqual(record.activity_ids.user_id, self.anna)

    def test_wrong_arguments_open_nothing(self):
        Capa = self.env["med.capa"].with_user(self.anna)
        before = Capa.search_count([])
        for kw, words in (
                ({"summary": " "}, "one sentence"), ({"source": "moon"}, "one of"),
                ({"kind": "moon"}, "one of"), ({"nonconformities": [0]}, "there is not"),
                ({"products": "A"}, "list of ids"), ({"problem": 3}, "must be text")):
            with self.subTest(kw), self.assertRaisesRegex(UserError, words):
                Capa.open_case(**{"summary": "x", **kw})
        self.assertEqual(Capa.search_count([]), before)

    def test_a_case_is_opened_by_quality_assurance_or_regulatory_affairs(self):
        with self.assertRaises(AccessError):
            self.env["med.capa"].with_user(self.ines).open_case(summary="x")
        regulatory = self.user("regulatory", login="rega")
        self.assertTrue(self.env["med.capa"].with_user(regulatory).open_case(summary="x")["capa"])
