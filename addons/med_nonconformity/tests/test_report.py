import base64

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NonconformityCase


@tagged("post_install", "-at_install")
class TestReport(NonconformityCase):
    """Anybody reports, and the lots are held at once."""

    requirement = "ISO-8.3.1 Q3 CN-GMP-QA"

    def test_a_report_holds_its_lots_and_tells_quality_assurance(self):
        lots = self.in_stock(self.stent, "A1", "A2")
        record = self.reported(lots)
        self.assertEqual(lots.mapped("med_hold_count"), [1, 1])
        self.assertEqual(record.line_ids.mapped("quantity"), [10, 10])
        self.assertEqual((record.state, record.reported_by_id, record.defect_class),
                         ("reported", self.walter, "minor"))
        self.assertTrue(record.owner_id.has_group("med_base.med_base_group_qa"))
        self.assertEqual(record.activity_ids.user_id, record.owner_id)

    def test_who_may_place_no_holds_still_reports(self):
        reader = self.person("viewer", "vera")
        lot = self.in_stock(self.stent, "A1")
        record = self.reported(lot, user=reader)
        self.assertEqual((record.line_ids.lot_id, lot.med_hold_count), (lot, 0))

    def test_a_picture_is_attached(self):
        raw = b"\x89PNG what was seen"
        record = self.reported(picture=base64.b64encode(raw).decode(), picture_name="seen.png")
        self.assertEqual(record.message_ids.attachment_ids.raw, raw)

    def test_the_dialog_reports_in_two_taps(self):
        lot = self.in_stock(self.stent, "A1")
        wizard = self.env["med.nonconformity.wizard"].with_user(self.walter).with_context(
            **lot.action_med_report()["context"]).create({"summary": "Bent"})
        record = self.env["med.nonconformity"].browse(wizard.action_report()["res_id"])
        self.assertEqual((record.summary, record.line_ids.lot_id, lot.med_hold_count),
                         ("Bent", lot, 1))

    def test_wrong_arguments_report_nothing(self):
        lot = self.in_stock(self.stent, "A1")
        loose = self.product("Loose")
        wild = self.receive(loose, {"W1": 1})
        report = self.env["med.nonconformity"].with_user(self.walter).report
        before = self.env["med.nonconformity"].search_count([])
        for kw, words in (
                ({"summary": " "}, "one sentence"), ({"lots": [lot.id, 0]}, "that there is not"),
                ({"lots": "A1"}, "list of ids"), ({"source": "moon"}, "must be one of"),
                ({"defect": "NONE"}, "no defect"), ({"event_time": "2999-01-01"}, "future"),
                ({"event_time": "yesterday"}, "must be a time"), ({"picture": "%%"}, "base64"),
                ({"product": True}, "must be an id"), ({"lots": wild.ids}, "controlled products"),
                ({"equipment": 3}, "must be text")):
            with self.subTest(kw), self.assertRaisesRegex(UserError, words), self.cr.savepoint():
                report(**{"summary": "Bent", **kw})
        self.assertEqual(self.env["med.nonconformity"].search_count([]), before)
        self.assertEqual(lot.med_hold_count, 0)

    def test_nobody_makes_changes_or_deletes_a_report_otherwise(self):
        record = self.reported()
        Record = self.env["med.nonconformity"].with_user(self.anna)
        with self.assertRaises(AccessError):
            Record.create({"name": "NC/1", "summary": "x", "source": "other",
                           "company_id": self.company.id, "event_time": fields.Datetime.now(),
                           "reported_by_id": self.anna.id, "reported_at": fields.Datetime.now()})
        mine = record.with_user(self.anna)
        for vals in ({"reported_by_id": self.anna.id}, {"event_time": "2020-01-01 00:00:00"},
                     {"source": "use"}, {"name": "NC/X"}, {"company_id": 1}):
            with self.subTest(vals), self.assertRaises(AccessError):
                mine.write(vals)
        for step in (record.unlink, record.copy):
            with self.assertRaises(UserError):
                step()


@tagged("post_install", "-at_install")
class TestFromInspection(NonconformityCase):
    """A rejected inspection begins a nonconformity by itself."""

    requirement = "ISO-8.3.1 Q2 Q3"

    def test_a_rejection_begins_one_with_its_lots_and_takes_over_its_hold(self):
        self.plan()
        inspection = self.finish(self.inspected("B1"), bad=("1",), decide="reject")
        record = self.env["med.nonconformity"].search([("source_id", "=", inspection.id),
                                                       ("source_model", "=", inspection._name)])
        lot = inspection.lot_ids
        self.assertEqual((record.source, record.line_ids.lot_id, record.product_id),
                         ("inspection", lot, self.stent))
        self.assertEqual((lot.med_hold_count, record.hold_count), (1, 1))

    def test_there_is_one_for_one_rejection(self):
        self.plan()
        inspection = self.finish(self.inspected("B1"), bad=("1",), decide="reject")
        inspection._med_open_nonconformity()
        self.assertEqual(self.env["med.nonconformity"].search_count([
            ("source_id", "=", inspection.id), ("source_model", "=", inspection._name)]), 1)


@tagged("post_install", "-at_install")
class TestOtherCompany(NonconformityCase):
    """Each company has nonconformities of its own."""

    requirement = "ISO-8.3.1 A1"

    def test_a_lot_of_another_company_is_reported_there(self):
        record = self.reported()
        other = self.foreign_company()
        foreign = self.env["stock.lot"].create(
            {"name": "F1", "product_id": self.stent.id, "company_id": other.id})
        with self.assertRaisesRegex(UserError, "of another company"):
            record._med_add(foreign, {foreign: "reported"})


@tagged("post_install", "-at_install")
class TestSharedLot(NonconformityCase):
    """Of a lot that two companies have, each decides about its own stock."""

    requirement = "ISO-8.3.1 A1"

    def test_stock_of_another_company_is_left_to_it(self):
        lot, mine = self.in_stock(self.stent, "SHARED"), self.env
        other = self.foreign_company("Sister company")
        self.receive(self.stent, {lot: 5}, company=other)
        type(self).env = mine
        record = self.evaluated(lot)
        self.assertEqual(record.line_ids.quantity, 10)
        self.line(record, lot, decision="scrap")
        self.decide_all(record).with_user(self.anna).action_make_documents()
        self.assertTrue(record.line_ids.done)
        self.assertEqual(sum(lot.quant_ids.filtered(
            lambda quant: quant.location_id.usage == "internal").mapped("quantity")), 5)
