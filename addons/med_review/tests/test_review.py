from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestReview(ReviewCase):
    """Figures of a period: counted, frozen, signed, and printed again with the same numbers."""

    requirement = "ISO-5.6 ISO-8.4 Q8"

    def printed(self, review):
        return self.env["ir.actions.report"]._render_qweb_html(
            "med_review.report_management_review", review.ids)[0].decode()

    def told(self, date_from="2026-03-01", date_to="2026-03-31"):
        told = self.env["med.management.review"].with_user(self.chief).figures(
            date_from=date_from, date_to=date_to)
        return {row["code"]: row for row in told["figures"]}

    def test_the_figures_are_what_one_counts_by_hand(self):
        was = self.told()
        self.assertEqual(self.told("2026-04-01", "2026-04-30")["capa_opened"]["value"], "0")
        lots = self.receive(self.stent, {"F1": 5, "F2": 5, "F3": 5})
        self.reported(lots[:1], defect="T-CRK", product=self.stent.id)
        closed = self.evaluated()
        self.planned()
        self.judge(self.implemented())
        self.clock.move_to("2026-03-12 08:00:00")
        self.decide_all(closed)
        self.close_it(closed)
        now = self.told()
        grown = {code: now[code]["numerator"] - was[code]["numerator"] for code in (
            "nc_reported", "nc_open", "defects", "capa_opened", "capa_open")}
        self.assertEqual(grown, {"nc_reported": 2, "nc_open": 1, "defects": 2, "capa_opened": 2,
                                 "capa_open": 1 + 1})
        self.assertEqual(now["nc_rate"]["denominator"] - was["nc_rate"]["denominator"], 3)
        days = (closed.closed_at.date() - closed.reported_at.date()).days
        self.assertEqual((now["nc_days"]["numerator"] - was["nc_days"]["numerator"],
                          now["nc_days"]["denominator"] - was["nc_days"]["denominator"]),
                         (days, 1))
        self.assertIn("T-CRK Crack: 1 ", "\n".join(now["defects"]["detail"]))
        self.assertEqual((now["capa_on_time"]["numerator"], now["capa_on_time"]["denominator"]),
                         (1, 2), "both were due on 12 March, one was done")
        self.assertEqual((now["capa_on_time"]["value"], now["capa_on_time"]["unit"]),
                         ("50.0", "percent"))
        may = self.told("2026-05-01", "2026-05-31")
        self.assertEqual((may["capa_effective"]["value"], may["capa_effective"]["previous"]),
                         ("100.0", ""))
        self.assertEqual(self.told("2026-04-01", "2026-04-30")["nc_reported"]["previous"],
                         now["nc_reported"]["value"])

    def test_changes_findings_and_laws_are_counted_too(self):
        before = self.told()
        self.env["med.change"].with_user(self.anna).request(title="Other tube")
        document = self.env["med.external.document"].search([], limit=1).with_user(self.anna)
        review = self.env["med.external.review"].browse(
            document.report_change(changes="New form", days=5)["review"])
        review.write({"impact": "none", "reason": "Not used here"})
        review.finish()
        audit = self.env["med.quality.audit"].with_user(self.anna).create({
            "scope": "Stores", "auditor_id": self.anna.id, "date_from": "2026-03-01"})
        audit.med_transition("start")
        finding = self.env["med.quality.finding"].with_user(self.anna).create({
            "audit_id": audit.id, "what": "No label", "evidence": "Shelf 3"})
        after = self.told()
        self.assertEqual(
            {code: after[code]["numerator"] - before[code]["numerator"] for code in (
                "changes_requested", "changes_effective", "changes_open", "laws_changed",
                "laws_on_time")},
            {"changes_requested": 1, "changes_effective": 0, "changes_open": 1, "laws_changed": 1,
             "laws_on_time": 1})
        day = finding.create_date.date().isoformat()  # by the clock of the database
        found = self.told(day, day)
        self.assertEqual((found["findings"]["numerator"], found["findings_open"]["numerator"]),
                         (1, 1))
        ages = self.env["med.trend.open"]._read_group([], ["kind"], ["__count"])
        self.assertLessEqual({"change", "finding"}, {kind for kind, _count in ages})

    def test_printed_again_after_the_data_changed_it_has_the_same_numbers(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        review = self.presented()
        before, digest = self.printed(review), review.figures_digest
        values = review.figure_ids.mapped("value")
        self.reported(product=self.stent.id)
        self.receive(self.stent, {"G1": 5})
        self.env.invalidate_all()
        self.assertNotEqual(self.told()["nc_reported"]["value"], values[0], "the data changed")
        self.assertEqual((review.figure_ids.mapped("value"), review._med_digest()),
                         (values, digest))
        self.assertEqual(self.printed(review), before)
        self.assertIn(review.figure_ids[1].formula, before)
        self.assertEqual(review.med_signature_status, "valid")

    def test_frozen_figures_are_written_by_nobody(self):
        review = self.presented()
        figure = review.figure_ids[:1]
        for step in (lambda one: one.write({"value": "0"}), lambda one: one.unlink(),
                     lambda one: one.create({"review_id": review.id, "code": "x", "name": "x",
                                             "unit": "number"}),
                     lambda one: one.update_field_translations("name", {"en_US": "x"})):
            for who in (figure.with_user(self.anna), figure.sudo()):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    step(who)
        with self.assertRaisesRegex(UserError, "are frozen"):
            review.with_user(self.anna).action_compute()
        for vals in ({"figures_digest": "x"}, {"name": "x"}, {"computed_at": False}):
            with self.subTest(vals), self.assertRaises(AccessError):
                review.sudo().write(vals)
        for vals in ({"date_to": "2026-03-30"}, {"figure_ids": [Command.clear()]}):
            with self.subTest(vals), self.assertRaises(UserError), self.cr.savepoint():
                review.with_user(self.anna).write(vals)

    def test_a_new_review_takes_nothing_that_steps_write(self):
        review = self.env["med.management.review"].with_user(self.anna).with_context(
            default_figures_digest="x", default_conclusion="Fine").create({
                "date_from": "2026-03-01", "date_to": "2026-03-31", "name": "MR/1",
                "figures_digest": "x", "figure_ids": [Command.create({"code": "x"})]})
        self.assertTrue(review.name.startswith("MR/2026/"))
        self.assertEqual((review.figures_digest, review.conclusion, len(review.figure_ids)),
                         (False, False, 0))
        self.assertEqual(len(review.minute_ids), 16, "each topic of 5.6.2 and 5.6.3")
        with self.assertRaisesRegex(UserError, "Still to be filled in"):
            self.sign(review, self.anna, "authored")
        with self.assertRaises(ValidationError):
            review.date_to = "2026-02-01"
        review.action_compute()
        self.assertTrue(review.figures_digest)
        review.date_to = "2026-03-15"
        self.assertFalse(review.figure_ids, "figures of another period")

    def test_it_is_signed_by_quality_assurance_and_top_management(self):
        review = self.presented()
        with self.assertRaisesRegex(UserError, "Still to be filled in"):
            self.sign(review, self.anna, "reviewed")
        self.minuted(review, **self.decided_on())
        self.sign(review, self.anna, "reviewed")
        for step in (lambda: review.minute_ids[0].with_user(self.anna).write({"text": "Other"}),
                     lambda: review.action_ids.with_user(self.anna).write({"what": "Less"}),
                     lambda: review.with_user(self.anna).write({"conclusion": "Other"})):
            with self.assertRaisesRegex(UserError, "is not changed any more"), self.cr.savepoint():
                step()
        with self.assertRaisesRegex(UserError, "another person's"):
            self.sign(review, self.bert, "approved")
        self.sign(review, self.chief, "approved")
        self.assertEqual((review.state, review.med_signature_status), ("signed", "valid"))
        self.assertEqual(review.activity_ids.user_id, self.olga)
        with self.assertRaisesRegex(UserError, "held before its period ends"):
            early = self.minuted(self.presented())
            early.with_user(self.anna).date = "2026-03-30"
            self.sign(early, self.anna, "reviewed")

    def test_the_chair_does_not_sign_for_quality_assurance(self):
        review = self.minuted(chair_id=self.bert.id)
        with self.assertRaisesRegex(UserError, "must be another person"):
            self.sign(review, self.bert, "reviewed")

    def test_it_is_closed_when_nothing_is_left(self):
        review = self.concluded(**self.decided_on())
        action = review.action_ids
        with self.assertRaisesRegex(UserError, "neither done nor taken over: Buy a gauge"):
            self.sign(review, self.anna, "verified")
        with self.assertRaisesRegex(AccessError, "by its owner"):
            action.with_user(self.ines).finish(evidence="Seen")
        with self.assertRaisesRegex(UserError, "one sentence"):
            action.with_user(self.olga).finish(evidence=" ")
        with self.assertRaises(AccessError):
            action.with_user(self.olga).drop(reason="No money")
        for vals in ({"state": "done"}, {"evidence": "x"}, {"capa_id": 1}):
            with self.subTest(vals), self.assertRaises(AccessError):
                action.sudo().write(vals)
        self.assertEqual(action.with_user(self.olga).finish(evidence="Invoice 7"),
                         {"version": 1, "done": 1})
        self.assertFalse(review.activity_ids)
        self.sign(review, self.anna, "verified")
        self.assertEqual((review.state, bool(review.closed_at)), ("closed", True))
        self.assertIn("Invoice 7", self.printed(review))

    def test_what_is_left_is_taken_over_by_the_next_review(self):
        former = self.concluded(**self.decided_on())
        review = self.reviewed_month(date_from="2026-04-01", date_to="2026-04-30")
        self.assertEqual(review.earlier_action_ids, former.action_ids)
        review.with_user(self.anna).action_take_over()
        self.assertRecordValues(review.action_ids, [{
            "what": "Buy a gauge", "owner_id": self.olga.id, "state": "open",
            "origin_id": former.action_ids.id}])
        self.assertEqual((former.action_ids.state, former.action_ids.note),
                         ("carried", review.name))
        self.sign(former, self.anna, "verified")
        self.assertEqual(former.state, "closed")
        with self.assertRaisesRegex(UserError, "signed review"):
            review.action_ids.with_user(self.olga).finish(evidence="Early")

    def test_an_action_starts_a_capa(self):
        review = self.concluded(**self.decided_on())
        told = review.action_ids.with_user(self.anna).action_start_capa()
        capa = self.env["med.capa"].browse(told["res_id"])
        self.assertRecordValues(capa, [{
            "source": "review", "source_model": review._name, "source_id": review.id,
            "summary": "Buy a gauge", "kind": "preventive"}])
        self.assertEqual(review.action_ids.capa_id, capa)
        with self.assertRaisesRegex(UserError, "has a CAPA"):
            review.action_ids.with_user(self.anna).action_start_capa()

    def test_a_topic_that_was_spoken_about_stays_as_it_is(self):
        review = self.presented()
        topic = review.minute_ids[0].topic_id.with_user(self.anna)
        for step in (lambda: topic.write({"name": "Other"}), topic.unlink,
                     lambda: topic.update_field_translations("name", {"en_US": "Other"})):
            with self.assertRaisesRegex(UserError, "archive it"), self.cr.savepoint():
                step()
        topic.active = False
        with self.assertRaises(AccessError):
            self.reviewed_month().minute_ids[0].with_user(self.anna).unlink()
        with self.assertRaisesRegex(UserError, "stay with their review"):
            review.minute_ids[0].with_user(self.anna).topic_id = review.minute_ids[1].topic_id

    def test_others_read_and_nothing_is_deleted_or_copied(self):
        review = self.presented()
        for who in (self.ines, self.chief, self.user("auditor", login="audit")):
            mine = review.with_user(who)
            self.assertTrue(mine.figure_ids.mapped("value"))
            for step in (lambda one=mine: one.write({"guests": "x"}),
                         lambda one=mine: one.action_compute(),
                         lambda one=mine: one.minute_ids[0].write({"text": "x"})):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    step()
        for step in (review.unlink, review.copy):
            with self.assertRaises(UserError):
                step()
        with self.assertRaises(AccessError):
            self.env["med.management.review"].with_user(
                self.user("", login="nobody")).figures("2026-03-01", "2026-03-31")
        for kw in ({"date_from": "x", "date_to": "2026-03-31"},
                   {"date_from": "2026-03-01", "date_to": 3},
                   {"date_from": "2026-03-02", "date_to": "2026-03-01"}):
            with self.subTest(kw), self.assertRaises(UserError):
                self.told(**kw)


@tagged("post_install", "-at_install")
class TestReviewOfCompanies(ReviewCase):
    """Each company reviews its own figures."""

    requirement = "ISO-5.6 A1"

    def test_another_company_has_its_own(self):
        review = self.presented(**self.decided_on())
        self.reported(product=self.stent.id)
        other = self.foreign_company()
        stranger = self.user("qa", login="stranger", company_id=other.id,
                             company_ids=[Command.set(other.ids)])
        theirs = self.env["med.management.review"].with_user(stranger).with_context(
            allowed_company_ids=other.ids)
        self.assertFalse(theirs.search([("id", "=", review.id)]))
        for lines in (review.figure_ids, review.minute_ids, review.action_ids):
            self.assertFalse(lines.with_env(theirs.env).search([("id", "in", lines.ids)]))
        told = theirs.figures("2026-03-01", "2026-03-31")
        self.assertEqual((told["company"], told["figures"][0]["value"]), (other.name, "0"))
        with self.assertRaisesRegex(AccessError, "stays in its company"):
            review.with_context(allowed_company_ids=[self.company.id, other.id]).company_id = other
