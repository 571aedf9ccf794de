import hashlib
import io
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from pypdf import PdfReader

from .common import ReleaseCase


def pages(data):
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


@tagged("post_install", "-at_install")
class TestRecord(ReleaseCase):
    """The batch record and the certificate: complete, alike as data and on paper."""

    requirement = "ISO-7.5.1 ISO-8.2.6 DI-+ T3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.done = cls.released("DHR-1", 8)

    def section(self, answer, key):
        return next(one for one in answer["sections"] if one["key"] == key)["rows"]

    def test_the_record_says_what_was_made_of_what_and_who_released_it(self):
        answer = self.done.with_user(self.user("viewer")).batch_record()
        [lot] = self.section(answer, "lots")
        self.assertEqual((lot["lot"], lot["quantity"]), ("DHR-1", 8))
        [material] = self.section(answer, "materials")
        self.assertEqual((material["lot"], material["quantity"]), ("PART-1", 8))
        self.assertIn("DEC/", material["decision"])
        self.assertIn(self.maker.name, material["decision"])
        steps = self.section(answer, "signatures")
        self.assertEqual([row["step"] for row in steps], ["Production Release", "Market Release"])
        self.assertEqual({row["status"] for row in steps}, {"Valid"})
        checks = self.section(answer, "checks")
        self.assertEqual({row["step"] for row in checks}, {"Production release", "Market release"})

    def test_the_paper_embeds_the_data_and_bears_their_digest_on_each_page(self):
        pdf = self.done._med_record_pdf()
        reader = PdfReader(io.BytesIO(pdf))
        [data] = reader.attachments["batch_record.json"]
        digest = hashlib.sha256(data).hexdigest()
        for number, page in enumerate(reader.pages, 1):
            text = "".join(page.extract_text().split())
            self.assertIn(digest, text)
            self.assertIn(f"Page{number}of{len(reader.pages)}", text)
        self.assertEqual(json.loads(data)["release"]["name"], self.done.name)

    def test_a_change_after_first_entry_is_marked_with_the_value_before(self):
        release = self.made("DHR-2")
        lot = release._med_output_lots()
        lot.med_manufactured = "2026-03-01"
        self.env.flush_all()
        lot.with_context(med_reason="Typing error").med_manufactured = "2026-02-01"
        [row] = self.section(release.batch_record(), "changes")
        self.assertEqual((row["old"], row["new"]), ("2026-03-01", "2026-02-01"))

    def test_the_record_is_one_releases_and_for_those_who_may_read_it(self):
        with self.assertRaisesRegex(UserError, "one release"):
            (self.done | self.made("DHR-3")).batch_record()
        with self.assertRaises(AccessError):
            self.done.with_user(self.env["res.users"].create(
                {"name": "N", "login": "nobody-1"})).batch_record()

    def test_the_certificate_names_lots_identifier_and_signers(self):
        text = " ".join(pages(self.done._med_certificate_pdf()))
        for word in ("DHR-1", self.pump.med_di_ids.name, self.maker.name, self.registrant.name,
                     "We certify"):
            self.assertIn(word, text)

    def test_no_certificate_before_the_release_or_over_an_invalid_signature(self):
        release = self.made("DHR-4")
        with self.assertRaisesRegex(UserError, "No certificate before"):
            release.action_certificate()
        self.produce(release)
        with self.assertRaisesRegex(UserError, "No certificate before"):
            release._med_certificate_pdf()
        self.env.flush_all()
        self.env.cr.execute("UPDATE med_release SET market_note = 'x' WHERE id = %s",
                            [self.done.id])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "signature is invalid"):
            self.done._med_certificate_pdf()

    def test_the_consignees_copy_has_what_he_gets(self):
        lot = self.done._med_output_lots()
        picking = self.deliver([(self.pump, lot, 3)])
        self.assertEqual(picking.med_release_count, 1)
        [told] = [self.done._med_certificate(picking)]
        self.assertEqual([(row["lot"], row["quantity"]) for row in told["lots"]], [("DHR-1", "3")])
        text = " ".join(pages(self.done._med_certificate_pdf(picking)))
        self.assertIn("Trace hospital", text)

    def test_two_orders_of_a_lot_certify_no_more_than_each_released(self):
        first, second = self.made("TWO-1", 4), self.made("TWO-1", 6)
        for release in (first, second):
            self.produce(release)
            self.market(release)
        picking = self.deliver([(self.pump, first._med_output_lots(), 5)])
        self.assertEqual([[row["quantity"] for row in release._med_certificate(picking)["lots"]]
                          for release in (first, second)], [["4"], ["5"]])

    def test_a_registration_that_ended_since_is_named_where_it_covered_the_goods(self):
        germany = self.env.ref("med_base.med_jurisdiction_eu")
        self.registered(self.pump, self.cn, date_to="2026-12-31", number="OLD-7", state="ended")
        self.registered(self.pump, germany, date_to="2025-12-31", number="OLD-8", state="ended")
        told = self.done._med_certificate(None)["registrations"]
        self.assertEqual([one["number"] for one in told], ["OLD-7"])

    def test_a_held_or_withdrawn_lot_is_on_no_certificate(self):
        self.hold(self.done._med_output_lots())
        self.assertEqual(self.done._med_certificate(None)["lots"], [])

    def test_files_are_for_those_who_may_and_each_is_in_the_trail(self):
        self.authenticate("anna", "anna-secret")
        for url in (f"/med/batch_record.pdf?release_id={self.done.id}",
                    f"/med/batch_record.json?release_id={self.done.id}",
                    f"/med/certificate.pdf?release_ids={self.done.id}"):
            self.assertEqual(self.url_open(url).status_code, 200, url)
        self.assertEqual(self.url_open("/med/batch_record.pdf?release_id=999999").status_code, 403)
        self.assertEqual(self.url_open("/med/batch_record.pdf?release_id=x").status_code, 403)
        entries = self.env["med.audit.entry"].search_count([
            ("model", "=", "med.release"), ("res_id", "=", self.done.id),
            ("event", "=", "export")])
        self.assertEqual(entries, 3)
        nobody = self.person("warehouse", "willy")
        nobody.group_ids -= self.env.ref("med_base.med_base_group_warehouse")
        self.authenticate("willy", "willy-secret")
        self.assertEqual(self.url_open(
            f"/med/batch_record.json?release_id={self.done.id}").status_code, 403)
