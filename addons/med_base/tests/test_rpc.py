from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MedRpcCase


@tagged("post_install", "-at_install")
class TestRpc(MedRpcCase):
    """The public methods over JSON-2, with good, bad and unauthorised calls."""

    requirement = "CN-RC-3 P11-10d"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["med.calendar"].search([])._load_years([2026])
        cls.viewer = cls.user("viewer")
        cls.portal = cls.user("portal_dealer")

    def test_due_date_of_the_calendar(self):
        answer = self.json2(self.viewer, "med.calendar", "med_due_date", code="CN",
                            start="2026-09-30T10:00:00+08:00", number=5, unit="working_day")
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.json(), {
            "due": "2026-10-13T15:59:59+00:00", "local": "2026-10-13T23:59:59+08:00",
            "timezone": "Asia/Shanghai", "calendar": "CN", "known": True, "version": 1,
        })

    def test_due_date_of_a_clock(self):
        answer = self.json2(self.viewer, "med.clock.rule", "med_due", code="cn_recall_notify_1",
                            start="2026-07-31T23:50:00+08:00")
        self.assertEqual(answer.json()["local"], "2026-08-01T23:59:59+08:00")

    def test_effective_retention(self):
        answer = self.json2(self.viewer, "med.retention.rule", "med_effective",
                            record_class="distribution", facts={"implant": True}, markets=["CN"])
        self.assertEqual(answer.json()["status"], "for_ever")

    @mute_logger("odoo.http")
    def test_bad_argument_is_one_sentence_that_names_it(self):
        answer = self.json2(self.viewer, "med.calendar", "med_due_date", code="CN",
                            start="soon", number=5, unit="working_day")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(answer.json()["message"], "start must be an ISO 8601 date or instant.")

    @mute_logger("odoo.http")
    def test_wrong_types_are_refused_and_never_crash(self):
        for model, method, good in (
            ("med.calendar", "med_due_date",
             {"code": "CN", "start": "2026-05-05", "number": 1, "unit": "hour"}),
            ("med.clock.rule", "med_due", {"code": "us_mdr_5", "start": "2026-05-05"}),
            ("med.retention.rule", "med_effective",
             {"record_class": "quality", "facts": {"implant": True}, "markets": ["CN"]}),
        ):
            for name in good:
                for value in (None, 3.5, {"a": [1]}, "\x00'--"):
                    answer = self.json2(self.viewer, model, method, **{**good, name: value})
                    self.assertEqual(
                        answer.status_code, 422, (method, name, value, answer.text[:200]))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_portal_users_are_refused_every_public_method(self):
        for model, method, args in (
            ("med.calendar", "med_due_date",
             {"code": "CN", "start": "2026-05-05", "number": 1, "unit": "hour"}),
            ("med.clock.rule", "med_due", {"code": "us_mdr_5", "start": "2026-05-05"}),
            ("med.retention.rule", "med_effective",
             {"record_class": "quality", "facts": {}, "markets": []}),
        ):
            with self.subTest(method=method):
                answer = self.json2(self.portal, model, method, **args)
                self.assertEqual(answer.status_code, 403, answer.text[:300])
