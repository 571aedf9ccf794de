import base64
import re

from odoo.addons.med_base.tests.common import MedFactory
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from ..models.med_exchange_form import MOST_FORMS
from .common import TWO, FileFactory

SECONDS = 15  # that a person takes for one action, reading included


@tagged("post_install", "-at_install")
class TestTours(FileFactory, MedFactory, HttpCase):
    """What people do in the client, from a new partner to a file undone."""

    requirement = "X6 X8 G5"

    def setUp(self):
        super().setUp()
        self.qa = self.user("qa", login="qifei", name="Qi Fei")

    def test_a_new_partner_in_less_than_ten_minutes_of_steps(self):
        self.env["res.partner"].create({"name": "Lake Dental"})
        self.start_tour("/odoo/med-exchange-new-partner-by-file", "med_exchange_onboard_tour",
                        login="qifei", timeout=120)
        self.env.invalidate_all()
        made = self.organisations("T-1", "T-2")
        self.assertEqual(made.mapped("name"), ["Taihu Dental", "Yangtze Dental"])
        with file_open("med_exchange_file/static/tests/tours/med_exchange_file_tours.js") as file:
            tour = re.search(r"onboard_tour.*?\n}\);", file.read(), re.DOTALL)[0]
        actions = len(re.findall(r"run: |give\(", tour)) + 2 * len(re.findall(r"\.\.\.pick", tour))
        self.assertGreater(actions, 10, "the steps are found")
        self.assertLess(actions * SECONDS, 600)

    def test_a_file_is_undone(self):
        mapping = self.mapping_of(self.partner_of("TOURED")).with_user(self.qa)
        file = self.file_of(mapping, TWO)
        file.action_try()
        file.action_apply()
        self.start_tour("/odoo/med-exchange-files", "med_exchange_undo_tour", login="qifei",
                        timeout=120)
        self.env.invalidate_all()
        self.assertEqual(file.state, "undone")
        self.assertFalse(self.organisations("F-1", "F-2"))

    def test_a_downtime_form_is_entered(self):
        self.mapping_of(self.partner_of("TOURED"))
        self.start_tour("/odoo/med-exchange-forms", "med_exchange_form_tour", login="qifei",
                        timeout=120)
        self.assertEqual(self.organisations("T-9").name, "Paper Dental")

    def test_result_and_form_are_downloaded_by_those_who_may_read_them(self):
        mapping = self.mapping_of(self.partner_of("TOURED")).with_user(self.qa)
        file = self.file_of(mapping, TWO)
        file.action_try()
        form = self.env["med.exchange.form"].with_user(self.qa).create({"mapping_id": mapping.id})
        links = [file.action_result()["url"], form.action_print()["url"]]
        self.authenticate("qifei", "qifei")
        for link, start in zip(links, (b"PK", b"%PDF"), strict=True):
            answer = self.url_open(link)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.content[:len(start)], start)
            self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(base64.b64decode(form.with_context(bin_size=False).paper),
                         self.url_open(links[1]).content)
        for asked, status in ((MOST_FORMS, 200), (MOST_FORMS + 1, 404)):
            forms = f"{form.id}{',0' * (asked - 1)}"
            self.assertEqual(
                self.url_open(f"/med/exchange/forms.pdf?forms={forms}").status_code, status)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.user("qa", login="stranger", company_id=company.id, company_ids=company.ids)
        self.authenticate("stranger", "stranger")
        for link in links:
            self.assertEqual(self.url_open(link).status_code, 404)
        self.assertEqual(self.url_open("/med/exchange/form/999999.pdf").status_code, 404)
