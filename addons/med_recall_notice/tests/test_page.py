import re
from datetime import timedelta

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

from .test_notice import NoticeCase


@tagged("post_install", "-at_install")
class TestPage(NoticeCase, HttpCase):
    """The consignee's page, from outside: real requests, real CSRF tokens."""

    requirement = "C3 C4 FDA-7.49"
    browser_size = "375x667"
    touch_enabled = True

    def get(self, notice):
        return self.url_open(f"/recall/{notice._med_token()}")

    def post(self, notice, **form):
        csrf = re.search('name="csrf_token" value="([^"]+)"', self.get(notice).text)[1]
        return self.url_open(f"/recall/{notice._med_token()}", data={"csrf_token": csrf, **form})

    def test_only_a_press_acknowledges_and_only_his_own_lots_are_answered(self):
        one, two = self.sent()
        page = self.get(one)
        self.assertEqual(page.status_code, 200)
        self.assertIn("L-1", page.text)
        self.assertNotIn("Hospital Two", page.text)
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.url_open(f"/recall/{one._med_token()}?step=acknowledge")
        self.assertTrue(one.read_at)
        self.assertFalse(one.acknowledged_at)
        with self.assertLogs("odoo.http", "WARNING"):
            self.assertEqual(self.url_open(f"/recall/{one._med_token()}", data={
                "step": "acknowledge"}).status_code, 400)
        self.assertFalse(one.acknowledged_at)
        self.post(one, step="acknowledge")
        self.assertTrue(one.acknowledged_at)
        self.assertFalse(two.acknowledged_at)

    def test_an_answer_is_kept_to_his_own_lots_and_a_later_one_replaces_it(self):
        one, lot, other = self.sent()[0], self.lot.id, self.in_stock(self.stent, "L-OTHER").id
        form = {"step": "answer", "person": "<script>x</script>", f"held_{lot}": "3",
                f"held_{other}": "9", f"sold_on_{lot}": "1", "account_name_0": "Ward",
                "account_email_0": "ward@example.com", "account_lot_0": str(lot),
                "account_quantity_0": "1"}
        answer = self.post(one, **form)
        self.assertNotIn("<script>", answer.text)
        self.assertIn("&lt;script&gt;", answer.text)
        self.assertEqual((one.answer_ids.line_ids.lot_id, one.answer_ids.line_ids.held),
                         (self.lot, 3))
        child = one.child_ids
        self.assertEqual(child._med_lot_rows()[child.id][0]["net"], 1)
        self.assertNotIn("Hospital", self.get(child).text)
        self.post(one, **{**form, "account_quantity_0": "2"})
        self.assertEqual(one.child_ids, child)
        self.assertEqual([row["net"] for row in child._med_lot_rows()[child.id]], [2])
        self.assertEqual(one.answer_ids.mapped("latest"), [True, False])
        for bad in ({f"held_{lot}": "nan"}, {f"held_{lot}": "-1"}, {"person": ""},
                    {"account_lot_0": str(other)}, {"account_email_0": "no address"}):
            self.assertEqual(self.post(one, **{**form, **bad}).status_code, 400, bad)
        self.assertEqual(len(one.answer_ids), 2)

    def test_a_link_that_is_wrong_over_or_revoked_tells_nothing(self):
        one, two = self.sent()
        good = one._med_token()
        tokens = [good[:-1] + ("0" if good[-1] != "0" else "1"),
                  good.replace(f"{one.id}-", f"{two.id}-"), "1-0", "x", "999999999-" + "0" * 64]
        told = {self.url_open(f"/recall/{token}").text for token in tokens}
        one.with_user(self.anna).revoke_link()
        answer = self.url_open(f"/recall/{good}")
        self.assertEqual(told, {answer.text})
        self.assertEqual(answer.status_code, 404)
        csrf = re.search('name="csrf_token" value="([^"]+)"', self.get(two).text)[1]
        self.assertEqual(self.url_open(f"/recall/{good}", data={
            "csrf_token": csrf, "step": "acknowledge"}).status_code, 404)
        self.assertFalse(one.acknowledged_at)
        one._med_store({"token_until": self.now() - timedelta(days=1)})
        self.assertEqual(self.get(one).status_code, 404)

    def test_on_a_phone_he_reads_confirms_and_answers(self):
        """The page has no script, and lets none in: the browser is led from outside."""
        one = self.sent()[0]
        browser = ChromeBrowser(self)
        self.addCleanup(browser.stop)

        def run(code):
            return browser._websocket_request(
                "Runtime.evaluate", params={"expression": code})["result"].get("value")
        with self.allow_requests(browser=browser):
            self.authenticate(None, None, browser=browser)
            self.cr.flush()
            self.cr.clear()
            browser.navigate_to(f"{self.base_url()}/recall/{one._med_token()}", wait_stop=False)
            self.assertTrue(browser._wait_ready("!!document.querySelector('#answer button')"))
            self.assertTrue(run("document.documentElement.scrollWidth <= innerWidth"))
            self.assertTrue(run("[...document.querySelectorAll('button, #answer .counts input')]"
                                ".every((one) => one.offsetHeight >= 44)"))
            run("document.querySelector('#acknowledge button').click()")
            self.assertTrue(browser._wait_ready(
                "!document.querySelector('#acknowledge') && !!document.querySelector('#answer')"))
            run(f"""document.querySelector("[name=held_{self.lot.id}]").value = "4";
                document.querySelector("[name=person]").value = "Nurse Li";
                document.querySelector("#answer button").click();""")
            self.assertTrue(browser._wait_ready(
                "(document.querySelector('.good')?.textContent || '').includes('Nurse Li')"))
        self.env.invalidate_all()
        self.assertEqual((one.state, one.answer_ids.person, one.answer_ids.line_ids.held),
                         ("answered", "Nurse Li", 4))
        self.assertTrue(one.acknowledged_at)
