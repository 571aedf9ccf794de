import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests.common import tagged

from .common import InspectCase


@tagged("post_install", "-at_install")
class TestEnter(InspectCase):
    """Readings: all kept, none overwritten, and what follows from them."""

    requirement = "SMP-12 SMP-13 ISO-8.2.6 I1 I4"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan()

    def refused(self, inspection, words, user=None, **row):
        row = {"characteristic": "len", "unit": "1", "value": "10.0", **row}
        before = len(inspection.reading_ids)
        with self.assertRaisesRegex(UserError, words):
            self.enter(inspection, [
                {"characteristic": "len", "unit": "2", "value": "10.02"}, row], user)
        self.assertEqual(len(inspection.reading_ids), before)

    def test_values_are_entered_and_judged_and_the_same_again_is_no_second_one(self):
        inspection = self.inspected("E-1")
        told = self.enter(inspection, self.values(inspection))
        self.assertEqual([row["outcome"] for row in told["readings"]], ["pass"] * 3)
        self.assertEqual(told["verdict"]["outcome"], "accepted")
        again = self.enter(inspection, self.values(inspection))
        self.assertEqual([row["id"] for row in again["readings"]],
                         [row["id"] for row in told["readings"]])
        self.assertEqual(len(inspection.reading_ids), 3)
        self.assertEqual(inspection.verdict, "accepted")
        self.assertEqual(inspection.reading_ids.mapped("number"), [10, 10, 10])
        sheet = inspection.with_user(self.user("viewer", login="v")).sheet()
        self.assertEqual(sheet["version"], 1)
        self.assertEqual([row["unit"] for row in sheet["samples"]], ["1", "2", "3"])
        self.assertEqual(sheet["characteristics"][0]["upper"], "10.1")
        self.assertEqual(sheet["readings"][0]["user"], self.ines.name)
        self.assertEqual(sheet["verdict"], told["verdict"])

    def test_another_value_at_a_place_needs_a_reason_and_the_first_stays(self):
        inspection = self.inspected("E-2")
        self.enter(inspection, self.values(inspection, "10.05"))
        self.refused(inspection, "there is “10.05” already: say the reason", value="10.06")
        told = self.enter(inspection, [{
            "characteristic": "len", "unit": "1", "value": "10.06", "reason": "Misread"}])
        row = told["readings"][0]
        self.assertEqual((row["value"], row["note"]), ("10.06", "Misread"))
        first = inspection.reading_ids.browse(row["corrects"])
        self.assertEqual((first.value, first.unit), ("10.05", "1"))
        self.assertEqual(len(inspection.reading_ids), 4)
        self.assertEqual((inspection.verdict, inspection.correction_count), ("accepted", 1))
        self.assertFalse(inspection.doubtful)
        self.assertIn(first.id, [one["id"] for one in inspection.sheet()["readings"]])

    def test_what_cannot_be_judged_is_refused_and_nothing_is_entered(self):
        inspection = self.inspected("E-3")
        for words, row in (
                ("number with a decimal point", {"value": "ten"}),
                ("number with a decimal point", {"value": "NaN"}),
                ("number with a decimal point", {"value": "１０"}),
                ("is empty", {"value": ""}), ("is empty", {"value": None}),
                ("must be a text or a number", {"value": True}),
                ("must be a text or a number", {"value": [1]}),
                ("too long or too large", {"value": "1e99"}),
                ("cannot be converted to mm", {"uom": "kg"}),
                ("must be a text", {"uom": 5}),
                ("must be one of: len", {"characteristic": "x"}),
                ("was not drawn", {"unit": "9"}), ("was not drawn", {"unit": 1}),
                ("from 0 to 0", {"place": 1}), ("from 0 to 0", {"place": True}),
                ("list of codes", {"defects": "x"}),
                ("stands twice", {"unit": "2", "value": "10.03"}),
                ("stands twice", {"unit": "2", "value": "10.02"}),
                ("retest names the reading", {"record": "OOS/1"}),
                ("only these names", {"inspection_id": 1})):
            with self.subTest(words, **row):
                self.refused(inspection, words, **row)
        for values, words in (([], "list of readings"), ("x", "list of readings"),
                              ([3], "only these names")):
            with self.assertRaisesRegex(UserError, words):
                self.enter(inspection, values)
        for moment, words in (("yesterday", "must be a time"), ("2030-01-01T00:00:00Z", "future")):
            with self.assertRaisesRegex(UserError, words):
                self.enter(inspection, self.values(inspection), event_time=moment)
        self.assertFalse(inspection.reading_ids)
        self.assertEqual(inspection.verdict, "pending")

    def test_units_are_converted_and_the_time_of_the_reading_is_kept(self):
        inspection = self.inspected("E-4")
        told = self.enter(inspection, [
            {"characteristic": "len", "unit": "1", "value": "1.0", "uom": "cm"},
            {"characteristic": "len", "unit": "2", "value": "0.4", "uom": "in"},
            {"characteristic": "len", "unit": "3", "value": 10}],
            event_time="2026-03-01T10:00:00+08:00")
        self.assertEqual([row["outcome"] for row in told["readings"]], ["pass", "fail", "pass"])
        self.assertEqual(told["readings"][1]["reason"], "above")
        self.assertEqual(told["readings"][0]["time"], "2026-03-01T02:00:00Z")
        self.assertEqual(inspection.reading_ids.mapped("value"), ["1.0", "0.4", "10"])

    def test_a_retest_needs_a_record_of_its_value_and_one_record_is_one_retest(self):
        inspection = self.inspected("E-5")
        told = self.enter(inspection, [{"characteristic": "len", "unit": "1", "value": "12"}])
        bad = told["readings"][0]["id"]
        good = self.enter(inspection, [
            {"characteristic": "len", "unit": "3", "value": "10"}])["readings"][0]["id"]
        with self.assertRaisesRegex(UserError, "did not pass"):
            inspection.with_user(self.ines).open_oos(good, "x")
        self.refused(inspection, "needs the number", retest_of=bad)
        self.refused(inspection, "needs the number", retest_of=bad, record="OOS/9")
        record = inspection.with_user(self.ines).open_oos(bad, "Gauge slipped")["record"]
        with self.assertRaisesRegex(UserError, "is the record of this value already"):
            inspection.with_user(self.ines).open_oos(bad, "Again")
        self.refused(inspection, "not corrected any more", value="10.0", reason="typing")
        self.refused(inspection, "stands at this place", unit="3", retest_of=bad, record=record)
        row = {"characteristic": "len", "unit": "1", "value": "10.0", "retest_of": bad,
               "record": record}
        told = self.enter(inspection, [row])
        self.assertEqual(told["readings"][0]["retest_of"], bad)
        self.assertEqual(self.enter(inspection, [row])["readings"], told["readings"])
        self.refused(inspection, "one record, one retest", value="10.01", retest_of=bad,
                     record=record)
        # Both values count as long as quality assurance has found no error.
        self.assertEqual(inspection.verdict, "not_accepted")

    def test_only_an_assignable_error_signed_by_another_voids_the_first_value(self):
        inspection = self.inspected("E-6", 1)
        bad = self.enter(inspection, self.values(inspection, "12"))["readings"][0]["id"]
        with self.assertRaisesRegex(UserError, "“cause” must say"):
            inspection.with_user(self.ines).open_oos(bad, " ")
        told = inspection.with_user(self.ines).open_oos(bad, "Gauge slipped")
        record = self.env["med.inspection.oos"].browse(told["oos"])
        record.with_user(self.anna).write({"finding": "Gauge 7 was loose"})
        with self.assertRaisesRegex(UserError, "enter the retest first"):
            self.sign(record, self.anna, "verified")
        self.enter(inspection, self.values(
            inspection, "10.0", retest_of=bad, record=record.name))
        with self.assertRaisesRegex(UserError, "conclude the record first"):
            self.submit(inspection)
        self.grant(self.ivan, "verified")
        with self.assertRaisesRegex(UserError, "none of the roles"):
            self.sign(record, self.ivan, "verified")
        self.sign(record, self.anna, "verified")
        self.assertEqual((record.state, inspection.verdict), ("error", "accepted"))
        self.submit(inspection)
        self.accept(inspection)
        self.assertEqual(inspection.reading_ids.mapped("value"), ["12", "10.0"])

    def test_who_read_the_value_does_not_void_it_and_who_opened_neither(self):
        inspection = self.inspected("E-7", 1)
        bad = self.enter(
            inspection, self.values(inspection, "12"), self.anna)["readings"][0]["id"]
        told = inspection.with_user(self.bert).open_oos(bad, "Slipped")
        record = self.env["med.inspection.oos"].browse(told["oos"])
        record.with_user(self.anna).write({"finding": "Loose"})
        self.enter(inspection, self.values(inspection, "10", retest_of=bad, record=record.name))
        for person in (self.anna, self.bert):
            with self.assertRaisesRegex(UserError, "another person"):
                self.sign(record, person, "verified")
        with self.assertRaisesRegex(UserError, "another person"):
            self.sign(record, self.anna, "approved")
        self.sign(record, self.bert, "approved")
        self.assertEqual((record.state, inspection.verdict), ("confirmed", "not_accepted"))

    def test_a_value_changed_to_pass_is_decided_by_another_person(self):
        inspection = self.inspected("E-8", 1)
        self.enter(inspection, self.values(inspection, "12"))
        self.enter(inspection, self.values(inspection, "10.0", reason="Typing"))
        self.assertTrue(inspection.doubtful)
        self.submit(inspection)
        with self.assertRaisesRegex(UserError, "Another person"):
            self.accept(inspection, self.ines)
        self.accept(inspection)

    def test_a_correction_after_submitting_voids_the_signature_and_opens_it_again(self):
        inspection = self.finish(self.inspected("E-9"), decide=None)
        self.assertEqual(inspection.state, "submitted")
        self.enter(inspection, [{
            "characteristic": "len", "unit": "1", "value": "12", "reason": "Found later"}])
        self.assertEqual((inspection.state, inspection.verdict), ("open", "not_accepted"))
        with self.assertRaisesRegex(UserError, "not asked for"):
            self.accept(inspection)

    def test_after_the_decision_nothing_is_entered(self):
        inspection = self.finish(self.inspected("E-10"))
        self.refused(inspection, "is decided", reason="x", value="10.01")
        with self.assertRaisesRegex(UserError, "did not pass"):
            inspection.with_user(self.ines).open_oos(inspection.reading_ids[0].id, "x")

    def test_readings_and_samples_are_made_changed_and_removed_by_nobody(self):
        inspection = self.finish(self.inspected("E-11"), decide=None)
        reading, sample = inspection.reading_ids[0], inspection.sample_ids[0]
        row = {"inspection_id": inspection.id, "company_id": self.company.id,
               "characteristic": "len", "value": "10", "user_id": self.ines.id,
               "event_time": "2026-01-01", "outcome": "pass", "reason": "within"}
        mine = self.env(user=self.ines)
        for attack in (
                lambda: reading.sudo().write({"value": "10"}), lambda: reading.sudo().unlink(),
                lambda: self.env["med.reading"].sudo().create(row),
                lambda: mine["med.reading"].create(row),
                lambda: sample.sudo().write({"unit": "2"}), lambda: sample.sudo().unlink(),
                lambda: self.env["med.inspection.sample"].sudo().create({
                    "inspection_id": inspection.id, "company_id": self.company.id, "unit": "7",
                    "classes": "major"})):
            with self.assertRaises(AccessError):
                attack()

    def test_a_reading_changed_by_sql_makes_the_signature_invalid_and_stops_acceptance(self):
        inspection = self.finish(self.inspected("E-12"), decide=None)
        self.env.cr.execute("UPDATE med_reading SET value = '10.01' WHERE id = %s",
                            [inspection.reading_ids[0].id])
        self.env.invalidate_all()
        self.assertEqual(inspection.med_signature_status, "invalid")
        with self.assertRaisesRegex(UserError, "invalid"):
            self.accept(inspection)

    def test_roles_that_do_not_inspect_enter_nothing(self):
        inspection = self.inspected("E-13")
        for role in ("viewer", "warehouse", "purchasing", "qa_release", "regulatory"):
            self.refused(inspection, "does not inspect", self.user(role, login=f"e_{role}"))
        # An operator records on the shop floor alone.
        self.refused(inspection, "does not inspect", self.olga)
        with self.assertRaisesRegex(UserError, "does not inspect"):
            self.enter(inspection, self.values(inspection))
            self.submit(inspection, self.olga)

    def test_defaults_of_the_caller_get_into_no_reading(self):
        inspection = self.inspected("E-15")
        self.env["ir.default"].set("med.reading", "outcome", "pass", user_id=self.ines.id)
        told = inspection.with_user(self.ines).with_context(
            default_outcome="pass", default_reason="within", default_user_id=self.anna.id,
            default_corrects_id=1).enter([
                {"characteristic": "len", "unit": "1", "value": "12"}])
        self.assertEqual(told["readings"][0]["outcome"], "fail")
        self.assertEqual(inspection.reading_ids.user_id, self.ines)


@tagged("post_install", "-at_install")
class TestKinds(InspectCase):
    """Checks with defects, files, gauges, several readings, values of the lot."""

    requirement = "SMP-5 ISO-8.2.6 I1"

    def test_checks_texts_pictures_and_gauges(self):
        plan = self.plan(characteristics=[
            {"key": "look", "name": "Look", "kind": "check", "defect_class": "major",
             "defect_code_ids": [Command.set((self.scratch | self.crack).ids)]},
            {"key": "dia", "name": "Diameter", "kind": "measured", "upper": "2", "readings": 2,
             "uom_id": self.mm.id, "gauge_kind": "caliper"},
            {"key": "photo", "name": "Label", "kind": "picture", "scope": "lot"},
            {"key": "coa", "name": "Purity", "kind": "certificate", "scope": "lot",
             "lower": "99.5", "uom_id": self.env["med.measure.unit"].search(
                 [("code", "=", "%")]).id},
            {"key": "paper", "name": "Marking", "kind": "text", "scope": "lot",
             "expected": "REF 12\nREF 13"}],
            classes=[{"defect_class": name, "method": "full"}
                     for name in ("critical", "major", "minor")])
        inspection = self.inspected("K-1", 1)
        self.assertEqual(inspection.plan_id, plan)
        file = base64.b64encode(b"picture").decode()
        for words, row in (
                ("must name the equipment", {"characteristic": "dia", "unit": "1", "value": "1"}),
                ("attach the file", {"characteristic": "photo"}),
                ("attach the file", {"characteristic": "coa", "value": "99.9"}),
                ("what passes names no defects", {
                    "characteristic": "look", "unit": "1", "value": "pass",
                    "defects": ["T-SCR"]}),
                ("must be among: T-CRK, T-SCR", {
                    "characteristic": "look", "unit": "1", "value": "fail", "defects": ["X"]}),
                ("must be pass or fail", {"characteristic": "look", "unit": "1", "value": "ok"}),
                ("leave the unit out", {"characteristic": "paper", "unit": "1", "value": "x"}),
                ("in base64", {"characteristic": "photo", "file": 5})):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.enter(inspection, [row])
        told = self.enter(inspection, [
            {"characteristic": "look", "unit": "1", "value": "fail", "defects": ["T-SCR"]},
            {"characteristic": "dia", "unit": "1", "value": "1", "gauge": "C-7"},
            {"characteristic": "dia", "unit": "1", "place": 1, "value": "1.1", "gauge": "C-7"},
            {"characteristic": "photo", "file": file, "filename": "label.png"},
            {"characteristic": "coa", "value": "99.9", "file": file},
            {"characteristic": "paper", "value": "REF 13"}])
        self.assertTrue(told["verdict"]["complete"])
        self.assertEqual([one["found"] for one in told["verdict"]["classes"]], [0, 0, 1])
        picture = inspection.reading_ids.filtered(lambda one: one.characteristic == "photo")
        self.assertEqual(picture.attachment_id.raw, b"picture")
        self.assertEqual(len(picture.document), 64)
        files = [("res_model", "=", "med.inspection"), ("res_id", "=", inspection.id)]
        count = self.env["ir.attachment"].search_count(files)
        self.enter(inspection, [
            {"characteristic": "photo", "file": file, "filename": "label.png"},
            {"characteristic": "coa", "value": "99.9", "file": file}])
        self.assertEqual(self.env["ir.attachment"].search_count(files), count)
        self.assertEqual(told["verdict"]["outcome"], "not_accepted")

    def test_a_gauge_addon_can_refuse_a_gauge(self):
        self.plan(characteristics=[self.length(gauge_kind="caliper")])
        inspection = self.inspected("K-2", 1)
        asked = []
        Inspection = type(inspection)
        original = Inspection._med_check_gauge
        self.patch(Inspection, "_med_check_gauge", lambda one, gauge, keys: (
            asked.append((gauge, keys)), original(one, gauge, keys)))
        self.enter(inspection, self.values(inspection, gauge=" C-7 "))
        self.assertEqual(asked, [("C-7", {"len"})])

    def test_a_file_that_a_reading_rests_on_is_not_changed_or_removed(self):
        self.plan(characteristics=[
            {"key": "photo", "name": "Label", "kind": "picture", "scope": "lot"}], classes=[])
        inspection = self.inspected("K-3", 1)
        self.enter(inspection, [{
            "characteristic": "photo", "file": base64.b64encode(b"a").decode()}])
        file = inspection.reading_ids.attachment_id
        for user in (self.ines, self.env.user):
            for attack in (lambda one: one.write({"raw": b"b"}), lambda one: one.unlink(),
                           lambda one: one.write({"res_id": 0})):
                with self.assertRaises(UserError):
                    attack(file.with_user(user))
        self.assertEqual(file.raw, b"a")


@tagged("post_install", "-at_install")
class TestCompany(InspectCase):
    """What is another company's stays its own."""

    requirement = "ISO-8.2.6"

    def test_another_company_s_inspection_is_neither_read_nor_entered(self):
        self.plan()
        inspection = self.inspected("E-14")
        self.finish(inspection, bad=("1",), decide=None)
        told = inspection.with_user(self.anna).open_oos(inspection.reading_ids.filtered(
            lambda one: one.outcome == "fail").id, "x")
        self.env["med.inspection.oos"].browse(told["oos"]).with_user(self.anna).write(
            {"finding": "Right"})
        self.sign(self.env["med.inspection.oos"].browse(told["oos"]), self.anna, "approved")
        self.reject(inspection)
        inspection = self.inspected("E-16")
        inspection.lot_id.company_id = self.company
        other = self.foreign_company()
        stranger = self.user("inspector,qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        theirs = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        for model in ("med.inspection", "med.reading", "med.inspection.sample",
                      "med.inspection.plan", "med.inspection.plan.class", "med.characteristic",
                      "med.inspection.oos"):
            mine = [("company_id", "=", self.company.id)]
            self.assertTrue(self.env[model].search_count(mine), model)
            self.assertFalse(theirs[model].search_count(mine), model)
        found = inspection.with_env(theirs)
        for attack in (
                lambda: found.sheet(), lambda: found.enter([{
                    "characteristic": "len", "unit": "1", "value": "10"}]),
                lambda: found.open_oos(1, "x"),
                lambda: found.request(inspection.lot_id.id, "incoming")):
            with self.assertRaises(AccessError):
                attack()
