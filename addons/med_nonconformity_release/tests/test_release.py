from odoo.addons.med_release.tests.common import ReleaseCase
from odoo.fields import Command
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestRelease(ReleaseCase):
    """A release waits for what does not conform, and names what was conceded."""

    requirement = "ISO-8.2.6 ISO-8.3.2 R1 R2"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grant(cls.anna, "reviewed", "verified")

    def check(self, release):
        return next(row for row in release._med_checks() if row["key"] == "deviations")

    def reported(self, lots):
        told = self.env["med.nonconformity"].with_user(self.anna).report(
            "Scratched", lots.ids, hold=False)
        record = self.env["med.nonconformity"].browse(told["nonconformity"])
        record.with_user(self.anna).write({
            "defect_class": "minor", "evaluation": "Looks only", "investigation": "not_needed",
            "investigation_reason": "Seen before"})
        self.sign(record, self.anna, "reviewed", transition="evaluate")
        return record

    def test_an_open_one_is_missing_and_a_decided_one_is_told(self):
        release = self.made()
        lot = release._med_output_lots()
        record = self.reported(lot)
        check = self.check(release)
        self.assertEqual((check["state"], check["res_id"]), ("missing", record.id))
        record.line_ids.with_user(self.anna).decision = "scrap"
        self.sign(record, self.anna, "approved")
        check = self.check(release)
        self.assertEqual((check["state"], [one["state"] for one in check["items"]]),
                         ("ok", ["note"]))

    def test_what_is_none_is_not_told(self):
        release = self.made()
        record = self.reported(release._med_output_lots())
        self.assertIn(record, release._med_nonconformities())
        other = self.env["med.nonconformity"].browse(
            self.env["med.nonconformity"].with_user(self.maker).report(
                "Dust", release._med_output_lots().ids, hold=False)["nonconformity"])
        other.with_user(self.anna).conclusion = "Light on the glass"
        self.sign(other, self.anna, "reviewed", transition="cancel")
        self.assertNotIn(other, release._med_nonconformities())

    def test_a_deviation_of_its_lots_is_missing_until_it_is_approved(self):
        release = self.made()
        lot = release._med_output_lots()
        deviation = self.env["med.deviation"].with_user(self.anna).create({
            "kind": "unplanned", "grade": "minor", "requirement": "WI-7", "description": "Hotter",
            "justification": "Within what was validated", "risk": "None", "cause": "Sensor",
            "correction": "Changed", "company_id": self.company.id,
            "product_ids": [Command.set(lot.product_id.ids)], "lot_ids": [Command.set(lot.ids)]})
        check = self.check(release)
        self.assertEqual((check["state"], check["res_id"]), ("missing", deviation.id))
        self.grant(self.bert, "authored")
        self.sign(deviation, self.bert, "authored")
        self.sign(deviation, self.anna, "approved")
        check = self.check(release)
        self.assertEqual((check["state"], check["exception"]), ("excepted", deviation.name))
