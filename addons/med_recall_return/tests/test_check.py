from odoo.addons.med_recall_return.models import med_recall_check
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_returns import ReturnCase


@tagged("post_install", "-at_install")
class TestCheck(ReturnCase):
    """Whoever holds a device asks whether it is recalled."""

    requirement = "CN-RC-11 ISO-8.3.3"

    def page(self, code="", **headers):
        return self.url_open(f"/recall/check?code={code}", headers=headers)

    def test_the_page_tells_what_to_do_and_nothing_of_customers(self):
        self.assertEqual(self.page("L-1").status_code, 404)
        self.company.med_recall_publish = True
        self.recall.with_user(self.anna).published = True
        self.shipped("L-3")
        self.decided(self.shipped("L-4"), drill=True).published = True
        told = self.page("L-1")
        self.assertEqual(told.status_code, 200)
        self.assertIn("Do not use; send back", told.text)
        for words in ("Hospital", "Trace", ">7<", ">10<"):
            self.assertNotIn(words, told.text)
        for code in ("L-3", "L-4", "L-99"):
            self.assertIn("No recall of this number is known here", self.page(code).text)
        told = self.page("(01)0950600013435").text
        self.assertIn("Nothing was checked", told)
        self.assertNotIn("No recall of this number", told)
        told = self.page("(01)09506000134352").text
        self.assertIn("its lot or serial number", told)
        self.assertNotIn("No recall of this number", told)
        told = self.page("%3Cscript%3Ealert(1)%3C/script%3E").text
        self.assertNotIn("<script>alert", told)
        self.recall.with_user(self.anna).published = False
        self.assertIn("No recall of this number", self.page("L-1").text)

    def test_who_asks_too_often_waits_and_is_not_told_that_there_is_none(self):
        self.company.med_recall_publish = True
        self.patch(med_recall_check, "A_MINUTE", 2)
        self.assertEqual([self.page("L-99").status_code for _time in range(3)], [200, 200, 429])
        self.assertNotIn("No recall of this number", self.page("L-99").text)
        rows = self.env["med.recall.check.count"].search([])
        self.assertFalse([row for row in rows if "127.0.0.1" in row.key])
        self.clock.tick(2 * 86400)
        rows._gc_old()
        self.assertFalse(rows.exists())

    def test_a_program_asks_with_a_user(self):
        told = self.env["med.recall"].with_user(self.ines).check(code="L-1")
        self.assertEqual((told["answer"], told["recalls"][0]["recall"]),
                         ("recalled", self.recall.id))
        told = self.env["med.recall"].with_user(self.ines).check(code="")
        self.assertEqual(told["answer"], "unreadable")
        with self.assertRaises(AccessError):
            self.env["med.recall"].with_user(self.env.ref("base.public_user")).check(code="L-1")
