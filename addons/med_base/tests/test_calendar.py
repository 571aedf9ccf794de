from datetime import date, datetime

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import MedCase


@tagged("post_install", "-at_install")
class TestCalendar(MedCase):
    """Days off, make-up days and deadlines, as far as they are known."""

    requirement = "CN-RC-2 CN-RC-3 FDA-806.10"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("med_base.med_calendar_cn")
        cls.us = cls.env.ref("med_base.med_calendar_us")
        (cls.china | cls.us)._load_years([2025, 2026, 2027, 2099])
        cls.regulatory = cls.user("regulatory")
        cls.Calendar = cls.env["med.calendar"].with_user(cls.user("viewer"))

    def _notice(self, calendar, when, kind="off", **values):
        """A day entered by a person of regulatory affairs."""
        return self.env["med.calendar.day"].with_user(self.regulatory).create({
            "calendar_id": calendar.id, "date": when, "kind": kind, "name": "By notice",
            "source": "Notice 1", **values,
        })

    def test_cn_rc_2_decision_on_friday_night_is_due_on_saturday_midnight(self):
        self.assertEqual(
            self.Calendar.med_due_date("CN", "2026-07-31T23:50:00+08:00", 1, "calendar_day"),
            {"due": "2026-08-01T15:59:59+00:00", "local": "2026-08-01T23:59:59+08:00",
             "timezone": "Asia/Shanghai", "calendar": "CN", "known": True, "version": 1},
        )

    def test_cn_rc_3_five_working_days_from_before_national_day_count_the_make_up_saturday(self):
        answer = self.Calendar.med_due_date("CN", "2026-09-30T10:00:00+08:00", 5, "working_day")
        self.assertEqual(answer["local"], "2026-10-13T23:59:59+08:00")

    def test_fda_806_ten_working_days_skip_federal_holidays(self):
        answer = self.Calendar.med_due_date("US", "2026-12-18", 10, "working_day")
        self.assertEqual(answer["local"], "2027-01-05T23:59:59-05:00")

    def test_python_callers_get_naive_utc(self):
        self.assertEqual(
            self.china._due_date(datetime(2026, 9, 30, 2), 5, "working_day"),
            datetime(2026, 10, 13, 15, 59, 59),
        )

    def test_unknown_year_is_refused_naming_calendar_and_year_and_calendar_days_still_work(self):
        with self.assertRaisesRegex(UserError, "China.*2099"):
            self.Calendar.med_due_date("CN", "2099-03-02", 5, "working_day")
        answer = self.Calendar.med_due_date("CN", "2099-03-02", 5, "calendar_day")
        self.assertEqual(answer["local"], "2099-03-07T23:59:59+08:00")

    def test_year_without_a_record_is_refused_too(self):
        with self.assertRaisesRegex(UserError, "2090"):
            self.Calendar.med_due_date("US", "2090-03-02", 5, "working_day")

    def test_package_year_that_is_a_guess_holds_no_days_and_is_flagged(self):
        year = self.china.year_ids.filtered(lambda each: each.year == 2099)
        self.assertRecordValues(year, [{"known": False, "day_count": 0, "origin": "package"}])
        self.assertIn("holidays", year.source)

    @freeze_time("2097-05-05")
    def test_button_says_which_years_remain_unknown(self):
        shown = self.china.with_user(self.regulatory).action_load_years()["params"]
        self.assertEqual(shown["type"], "warning")
        self.assertIn("2095, 2096, 2097, 2098, 2099", shown["message"])
        self.assertEqual(self.us.action_load_years()["params"]["type"], "success")

    @freeze_time("2098-11-20")
    def test_form_warns_of_the_next_year(self):
        self.china._load_years([2098])
        self.china.invalidate_recordset()
        self.assertEqual(self.china.unknown_years, "2098, 2099")

    def test_person_enters_a_published_year_and_deadlines_reach_into_it(self):
        self._notice(self.china, "2099-03-03")
        self._notice(self.china, "2099-03-07", "work")
        year = self.china.year_ids.filtered(lambda each: each.year == 2099)
        year.with_user(self.regulatory).write({"known": True, "source": "Notice 1"})
        self.assertEqual(year.origin, "person")
        self.assertIn("2099 known: Notice 1", self.china.message_ids[0].body)
        # 3 March off, Saturday the 7th worked: 4, 5, 6, 7, 9 March.
        answer = self.Calendar.med_due_date("CN", "2099-03-02", 5, "working_day")
        self.assertEqual(answer["local"], "2099-03-09T23:59:59+08:00")
        self.china._load_years([2099], again=True)
        self.assertTrue(year.known, "the package does not undo what a person confirmed")
        self.assertEqual(year.day_count, 2)

    def test_year_cannot_be_known_without_a_source(self):
        year = self.china.year_ids.filtered(lambda each: each.year == 2099)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            year.with_user(self.regulatory).write({"known": True, "source": False})
            year.flush_recordset()

    def test_day_changed_by_a_person_survives_the_next_load(self):
        day = self.china.day_ids.filtered(lambda each: each.date == date(2026, 10, 10))
        day.with_user(self.regulatory).write({"kind": "off", "source": "Notice 2"})
        self.china._load_years([2026], again=True)
        self.assertRecordValues(day, [{"kind": "off", "origin": "person", "source": "Notice 2"}])

    def test_loading_again_changes_nothing(self):
        def content():
            return [(d.id, d.date, d.kind, d.name) for d in self.china.day_ids.sorted("date")]
        before = content()
        self.china._load_years([2025, 2026], again=True)
        self.assertEqual(content(), before)

    def test_package_day_that_the_package_withdraws_is_removed(self):
        stray = self.env["med.calendar.day"].create({
            "calendar_id": self.china.id, "date": "2026-03-10", "kind": "off", "name": "Stray",
            "origin": "package", "source": "holidays 0.1",
        })
        self.china._load_years([2026], again=True)
        self.assertFalse(stray.exists())

    def test_person_cannot_pass_for_the_package(self):
        day = self._notice(self.china, "2026-03-10", origin="package")
        self.assertEqual(day.origin, "person")
        day.write({"origin": "package"})
        self.assertEqual(day.origin, "person")

    def test_package_day_is_changed_not_deleted_and_own_day_may_go(self):
        day = self.china.day_ids.filtered(lambda each: each.date == date(2026, 10, 1))
        for context in ({}, {"_force_unlink": True}):
            with self.assertRaises(UserError):
                day.with_user(self.regulatory).with_context(**context).unlink()
        self._notice(self.china, "2026-03-10").unlink()

    def test_change_of_a_day_is_noted_on_the_calendar(self):
        self._notice(self.china, "2026-03-10").unlink()
        notes = " ".join(self.china.message_ids.mapped("body"))
        self.assertEqual(notes.count("2026-03-10"), 2)
        self.assertEqual(self.china.message_ids[0].author_id, self.regulatory.partner_id)

    def test_day_entered_twice_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._notice(self.china, "2026-10-01")

    def test_days_bear_chinese_names_where_chinese_is_installed(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.china._load_years([2026], again=True)
        day = self.china.day_ids.filtered(lambda each: each.date == date(2026, 10, 1))
        self.assertEqual(day.name, "National Day")
        self.assertEqual(day.with_context(lang="zh_CN").name, "国庆节")

    def test_company_calendar_goes_before_the_shared_one(self):
        self.us.copy({"company_id": self.env.company.id, "tz": "America/Los_Angeles"})
        answer = self.Calendar.med_due_date("US", "2026-05-05", 1, "calendar_day")
        self.assertEqual(answer["timezone"], "America/Los_Angeles")
        self.assertEqual(self.us._for_company().company_id, self.env.company)
        other = self.env["res.company"].create({"name": "Other"})
        shared = self.env["med.calendar"].with_company(other).med_due_date(
            "US", "2026-05-05", 1, "calendar_day")
        self.assertEqual(shared["timezone"], "America/New_York")

    def test_friday_and_saturday_weekend(self):
        calendar = self.env["med.calendar"].create({
            "name": "Riyadh", "code": "SA", "tz": "Asia/Riyadh", "weekend": "4,5",
            "year_ids": [Command.create({"year": 2026, "known": True, "source": "Notice"})],
        })
        self.assertEqual(  # Thursday 5 March 2026
            calendar._due_date(datetime(2026, 3, 5, 9), 1, "working_day").date(), date(2026, 3, 8))

    def test_bad_arguments_are_named(self):
        for args, named in (
            (("XX", "2026-05-05", 1, "hour"), "calendar XX"),
            (("CN", "soon", 1, "hour"), "start"),
            (("CN", "2026-05-05", -1, "hour"), "number"),
            (("CN", "2026-05-05", 1.5, "hour"), "number"),
            (("CN", "2026-05-05", 10**9, "year"), "number"),
            (("CN", "2026-05-05", 1, "fortnight"), "unit"),
        ):
            with self.subTest(args=args), self.assertRaisesRegex(UserError, named):
                self.Calendar.med_due_date(*args)

    def test_place_that_the_package_does_not_know_is_refused(self):
        with self.assertRaises(ValidationError):
            self.us.place = "HolidayBase"
        with self.assertRaises(ValidationError):
            self.us.subdivision = "ZZ"

    def test_cron_opens_the_years_around_today(self):
        cron = self.env.ref("med_base.med_calendar_cron_load_years")
        with freeze_time("2031-05-05"):
            cron.ir_actions_server_id.run()
        self.assertLessEqual(set(range(2029, 2034)), set(self.us.year_ids.mapped("year")))
