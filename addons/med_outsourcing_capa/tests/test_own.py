from odoo.tests import tagged

from .common import CapaPortalCase


@tagged("post_install", "-at_install")
class TestOwn(CapaPortalCase):
    """A processor tells of a CAPA of its own in the portal; it stands beside our nonconformity."""

    requirement = "Q6 V4 V5 V6 ISO-8.5.2"

    def setUp(self):
        super().setUp()
        self.signed_in(self.porter)

    def problem(self, partner=None):
        lot = self.lots[0]
        return self.env["med.nonconformity"].sudo()._med_report(
            "Seal open", lot, "processor", self.company, partner_id=(
                partner or self.maker).id)[0]

    def test_it_is_told_signed_and_told_anew(self):
        case = self.problem()
        answer = self.tell(lots="S-1, S-2", nonconformity=str(case.id))
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        [made] = self.theirs()
        self.assertRecordValues(made, [{
            "their_number": "S-CAPA-3", "their_state": "open", "state": "received",
            "partner_id": self.maker.id, "nonconformity_id": case.id,
            "lot_ids": self.lots.ids}])
        self.assertEqual((made.answer_id.cause, made.answer_id.signature_id.status),
                         ("No change interval", "valid"))
        self.assertIn("S-CAPA-3", made.activity_ids.summary)
        form = self.fields_of(self.url_open(self.page(made, "?again=1")).text)
        answer = self.say(made, form, state="effective", effect="5 lots without one")
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        [made] = self.theirs()
        self.assertEqual((made.their_state, made.answer_id.effect, len(made.answer_ids),
                          made.nonconformity_id, made.lot_ids),
                         ("effective", "5 lots without one", 2, case, self.lots))
        self.assertEqual(made.answer_id.signature_id.status, "valid")

    def test_what_was_said_before_is_said_and_signed_again(self):
        self.tell()
        made = self.theirs()
        for state in ("planned", "open", "planned", "open", "open"):
            form = self.fields_of(self.url_open(self.page(made, "?again=1")).text)
            answer = self.say(made, form, state=state)
            self.assertEqual(answer.status_code, 303, answer.text[-2000:])
            self.assertEqual(self.theirs().their_state, state)
        signed = self.env["med.processor.signature"].search([
            ("res_model", "=", made._name), ("res_id", "=", made.id)])
        self.assertEqual(len(signed), 5)  # the last said nothing new
        self.assertEqual(len(made.answer_ids), 2)

    def test_who_speaks_for_two_processors_says_whom_he_tells(self):
        page = self.url_open("/my/processor/capas/new").text
        self.assertNotIn('name="processor"', page)  # there is nothing to choose
        second = self.env["res.company"].create({"name": "Second works"})
        (self.anna | self.bert).company_ids += second
        file = self.draft(self.maker, ["assembly"], company_id=second.id)
        self.sign(file, self.anna, "approved")
        file.sudo().user_ids = self.porter
        case = self.env["med.nonconformity"].sudo()._med_report(
            "Seal open", self.env["stock.lot"], "processor", second, partner_id=self.maker.id)[0]
        self.env.flush_all()
        page = self.url_open("/my/processor/capas/new").text
        for said in ('name="processor"', "Second works", self.company.name, case.name):
            self.assertIn(said, page)
        for number, errors in (("", 'id="processor_wrong"'), (str(self.rival_file.id),
                                                              'id="processor_wrong"'),
                               (str(self.file.id), 'id="nonconformity_wrong"')):
            answer = self.tell(processor=number, nonconformity=str(case.id))
            self.assertEqual(answer.status_code, 422)
            self.assertIn(errors, answer.text)
        self.assertFalse(self.theirs())
        answer = self.tell(processor=str(file.id), nonconformity=str(case.id))
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        self.assertRecordValues(self.theirs(), [{
            "company_id": second.id, "nonconformity_id": case.id, "their_number": "S-CAPA-3"}])
        answer = self.tell(processor=str(self.file.id), lots="S-1")  # to the other one, too
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        self.assertEqual(self.theirs().company_id, second | self.company)

    def test_of_all_its_lots_those_asked_about_are_read(self):
        Processor, asked = type(self.env["med.processor"]), []
        real = Processor._med_portal_lots

        def lots(processors, among=None, limit=None):
            asked.append((among, limit))
            return real(processors, among=among, limit=limit)

        self.patch(Processor, "_med_portal_lots", lots)
        self.tell(lots="S-1, S-2")
        self.assertEqual(self.theirs().lot_ids, self.lots)
        self.request()
        self.assertTrue(asked)
        self.assertFalse([one for one in asked if not any(one)])

    def test_the_same_number_is_told_once(self):
        self.assertEqual(self.tell().status_code, 303)
        answer = self.tell(cause="Other")
        self.assertEqual(answer.status_code, 422)
        self.assertIn("told us of S-CAPA-3 already", answer.text)
        self.assertEqual(len(self.theirs().answer_ids), 1)

    def test_goods_and_nonconformities_of_others_are_not_his(self):
        self.in_stock(self.stent, "X-9")
        case = self.problem(self.rival)
        for text, fields in (("Not known here: X-9", {"lots": "S-1, X-9"}),
                             ("Choose one", {"nonconformity": str(case.id)}),
                             ("fill this in", {"number": ""}), ("fill this in", {"title": ""}),
                             ("fill this in", {"state": "accepted"}),
                             ("Nothing was signed", {"secret": "wrong"}),
                             ("fill this in", {"cause": ""})):
            answer = self.tell(**fields)
            with self.subTest(text):
                self.assertEqual(answer.status_code, 422)
                self.assertIn(text, answer.text)
        self.assertNotIn(case.name, self.url_open("/my/processor/capas/new").text)
        self.assertFalse(self.theirs())

    def test_another_processor_neither_sees_nor_changes_it(self):
        self.tell()
        made = self.theirs()
        self.signed_in(self.stranger)
        self.assertEqual(self.url_open(self.page(made)).status_code, 404)
        self.assertNotIn("S-CAPA-3", self.url_open("/my/processor/capas").text)
        answer = self.tell(secret="stranger-secret", title="Theirs")  # its own of that number
        self.assertEqual(answer.status_code, 303, answer.text[-2000:])
        self.assertEqual(made.title, "Worn jaws")
        self.assertEqual(len(self.theirs()), 2)
