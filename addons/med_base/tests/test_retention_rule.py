from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MedCase

DEVICE = {
    "record": "2026-11-20", "release": "2026-11-20", "life_end": "2031-11-20",
    "expiry": "2029-11-20", "last_market": "2027-12-31", "certificate_end": "2030-06-30",
    "implant": False, "has_expiry": True, "class_1": False,
}


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22")
class TestRetentionRule(MedCase):
    """How long a record is kept: the longest of the markets wins, unknown is kept."""

    requirement = "ISO-4.2.5 CN-GMP-45-4 CN-GSP-7 CN-RC-8 EU-10.8 FDA-806.20 P11-10c P11-10e-3"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.med_jurisdiction_ids = cls.env.ref("med_base.med_jurisdiction_cn")
        cls.Rule = cls.env["med.retention.rule"].with_user(cls.user("viewer"))

    def _kept(self, record_class, markets=("CN",), leave_out=(), **known):
        facts = {name: value for name, value in {**DEVICE, **known}.items()
                 if name not in leave_out}
        answer = self.Rule.med_effective(record_class, facts, list(markets))
        return answer["until"] or answer["status"]

    def test_each_rule_of_the_catalogue(self):
        for record_class, markets, known, expected in (
            ("quality", ["CN"], {}, "2031-11-20"),
            ("quality", ["CN"], {"life_end": "2027-01-01"}, "2028-11-20"),
            ("distribution", ["CN"], {}, "2031-11-20"),
            ("distribution", ["CN"], {"has_expiry": False}, "2031-11-20"),
            ("distribution", ["CN"], {"implant": True}, "for_ever"),
            ("recall", ["CN"], {}, "2035-06-30"),
            ("recall", ["CN"], {"class_1": True}, "2031-11-20"),
            ("recall", ["CN", "US"], {"life_end": "2040-01-01"}, "2042-01-01"),
            ("vigilance", ["CN"], {"implant": True}, "for_ever"),
            ("quality", ["CN", "EU"], {}, "2037-12-31"),
            ("quality", ["CN", "EU"], {"implant": True}, "2042-12-31"),
        ):
            with self.subTest(record_class=record_class, markets=markets, **known):
                self.assertEqual(self._kept(record_class, markets, **known), expected)

    def test_jurisdictions_of_the_company_count_although_nothing_was_shipped_there(self):
        self.env.company.med_jurisdiction_ids += self.env.ref("med_base.med_jurisdiction_eu")
        self.assertEqual(self._kept("quality", []), "2037-12-31")

    def test_unknown_is_kept_and_what_is_missing_is_named(self):
        facts = {name: value for name, value in DEVICE.items() if name != "last_market"}
        answer = self.Rule.med_effective("quality", facts, ["EU"])
        self.assertEqual(
            answer, {"status": "unknown", "until": "", "rules": [], "missing": ["last_market"],
                     "version": 1})
        self.env.company.med_jurisdiction_ids = [Command.clear()]
        self.assertEqual(self._kept("quality", []), "unknown")

    def test_market_without_a_rule_for_the_class_is_kept(self):
        self.assertEqual(self._kept("udi", ["CN"]), "unknown")

    def test_minimum_of_the_company_lengthens(self):
        self.env.company.med_retention_min_years = 40
        answer = self.Rule.med_effective("quality", DEVICE, ["CN"])
        self.assertEqual(answer["until"], "2066-11-20")
        self.assertEqual([rule["id"] for rule in answer["rules"]], [0])

    def test_deciding_rule_is_named_with_its_source(self):
        answer = self.Rule.med_effective("quality", DEVICE, ["EU"])
        self.assertEqual(
            [(rule["name"], rule["source"]) for rule in answer["rules"]],
            [("Ten years after the last device is placed on the market",
              "Regulation (EU) 2017/745, art. 10(8)")])

    def test_old_record_is_kept_by_the_old_rule_and_the_new_one(self):
        release = self.env.ref("med_base.med_retention_rule_cn_gmp_2014_release")
        release.years = 90
        self.assertEqual(self._kept("quality", record="2020-01-01"), "2116-11-20")
        self.assertEqual(self._kept("quality"), "2031-11-20", "made after the old rule ended")

    def test_bad_arguments_are_named(self):
        for args, named in (
            (("papers", {}, []), "record_class"),
            (("quality", [], []), "facts"),
            (("quality", {"colour": "red"}, []), "colour"),
            (("quality", {"implant": "yes"}, []), "implant"),
            (("quality", {"release": "soon"}, []), "release"),
            (("quality", {"release": True}, []), "release"),
            (("quality", {}, "CN"), "markets"),
            (("quality", {}, [1]), "code"),
            (("quality", {}, ["XX"]), "XX"),
            (("quality", {**DEVICE, "record": "9999-01-01", "release": "9999-01-01"}, ["CN"]),
             "beyond"),
        ):
            with self.subTest(args=args), self.assertRaisesRegex(UserError, named):
                self.Rule.med_effective(*args)

    def test_market_of_a_country(self):
        Jurisdiction = self.env["med.jurisdiction"]
        countries = self.env.ref("base.de") + self.env.ref("base.cn") + self.env.ref("base.br")
        self.assertEqual(set(Jurisdiction._med_of_countries(countries).mapped("code")),
                         {"CN", "EU"})
        self.assertFalse(Jurisdiction._med_of_countries(self.env.ref("base.hk")))
