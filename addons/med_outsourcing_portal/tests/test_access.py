from unittest.mock import patch

from odoo.tests import tagged

from .common import PortalCase

PAGES = ("", "/acknowledged", "/declined", "/received", "/started", "/step", "/result",
         "/finished", "/shipped", "/note")


@tagged("post_install", "-at_install")
class TestAccess(PortalCase):
    """A processor sees and changes his own alone; of the rest he does not learn that it exists."""

    requirement = "P4 V4 A2"

    def test_his_own_pages(self):
        self.signed_in(self.porter)
        for url in ("/my/processor", "/my/processor/orders", "/my/processor/problem", self.url(),
                    "/my/processor/orders?filterby=all&search=S-1&sortby=due"):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 200, url)
        self.assertIn(self.order.name, self.url_open("/my/processor").text)
        self.assertIn(self.order.name, self.url_open(
            "/my/processor/orders?filterby=all&search=S-1").text)
        self.assertNotIn(self.order.name, self.url_open(
            "/my/processor/orders?filterby=all&search=S-9").text)

    def test_a_nul_finds_nothing_and_breaks_nothing(self):
        self.signed_in(self.porter)
        for url in ("/my/processor/orders?search=%00x", "/my/processor/orders?search=%00",
                    "/my/processor/orders?filterby=%00&sortby=%00",
                    "/my/processor/problem?order=%00", self.url("step") + "?operation=%00",
                    self.url("step") + "?supersedes=%00"):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 200)
        answer = self.send("acknowledged", agreed="1", note="a\0b", person="\0")
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        self.assertEqual(self.events(kind="acknowledged").note, "a b")
        answer = self.url_open(self.url("release"), data={
            **self.fields_of(self.url_open(self.url("release")).text), "lot_name_0": "S-1",
            "lot_quantity_0": "5", "secret": "porter\0secret"})
        self.assertEqual(answer.status_code, 422)

    def test_the_orders_of_another_are_as_if_they_were_not_there(self):
        self.signed_in(self.stranger)
        self.not_found(*(self.url() + page for page in PAGES), self.url("files", "1"),
                       f"/my/processor/problem?order={self.order.id}",
                       "/my/processor/orders/999999999")
        self.assertEqual(self.url_open("/my/processor").status_code, 200)
        self.assertNotIn(self.order.name, self.url_open("/my/processor/orders?filterby=all").text)

    def test_a_report_to_the_order_of_another_does_nothing(self):
        self.signed_in(self.porter)
        form = self.form("acknowledged")
        self.signed_in(self.stranger)
        other = self.released(self.rival_file, self.in_stock(self.stent, "R-1"))
        form["csrf_token"] = self.form("acknowledged", order=other)["csrf_token"]
        answer = self.send("acknowledged", form=form, agreed="1")
        self.assertEqual(answer.status_code, 404)
        answer = self.url_open("/my/processor/problem", data={
            **form, "order": str(self.order.id), "summary": "Not mine"})
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.events())

    def test_drafts_are_nobody_elses_business(self):
        draft = self.drafted(self.file, self.lots[:1])
        self.signed_in(self.porter)
        self.not_found(self.url(order=draft))
        self.assertNotIn(draft.name, self.url_open("/my/processor/orders?filterby=all").text)

    def test_whoever_speaks_for_no_processor_finds_nothing(self):
        for user in self.outsiders():
            self.signed_in(user)
            with self.subTest(user=user.login):
                self.not_found("/my/processor", "/my/processor/orders", "/my/processor/problem",
                               self.url(), self.url("acknowledged"))

    def test_a_person_who_left_or_lost_the_role_finds_nothing(self):
        self.signed_in(self.porter)
        self.assertEqual(self.url_open("/my/processor").status_code, 200)
        self.file.user_ids = False
        self.env.flush_all()
        self.not_found("/my/processor", self.url())

    def test_a_suspended_processor_reports_what_it_has_and_an_ended_one_nothing(self):
        self.signed_in(self.porter)
        self.file.with_user(self.anna).med_transition("suspend", reason="Audit finding")
        self.env.flush_all()
        self.assertIn("suspended", self.url_open("/my/processor").text)
        self.assertEqual(self.send("acknowledged", agreed="1").status_code, 303)
        with patch.object(type(self.file), "_med_check_empty"):  # as if the order were received
            self.file.with_user(self.anna).med_transition("end", reason="Contract ended")
        self.env.flush_all()
        self.not_found("/my/processor", self.url())

    def test_the_door_is_shut_to_who_is_not_signed_in(self):
        self.authenticate(None, None)
        answer = self.url_open(self.url(), allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_what_is_late_is_counted_and_marked(self):
        self.signed_in(self.porter)
        late = "/my/processor/orders?filterby=late"
        self.assertNotIn(self.order.name, self.url_open(late).text)
        self.order.date_due = "2026-03-01 10:00:00"
        self.env.flush_all()
        self.assertIn(self.order.name, self.url_open(late).text)
        self.assertIn("text-bg-danger", self.url_open(self.url()).text)

    def test_my_account_counts_what_is_open(self):
        self.signed_in(self.porter)
        self.assertIn("/my/processor", self.url_open("/my/home").text)
        answer = self.url_open("/my/counters", json={
            "jsonrpc": "2.0", "params": {"counters": ["med_processor_count"]}}).json()
        self.assertEqual(answer["result"], {"med_processor_count": 1})
        self.signed_in(self.stranger)
        answer = self.url_open("/my/counters", json={
            "jsonrpc": "2.0", "params": {"counters": ["med_processor_count"]}}).json()
        self.assertEqual(answer["result"], {"med_processor_count": 0})
