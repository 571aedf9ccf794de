import base64
import io
import json

from odoo.addons.med_base.tests.common import MedCase
from odoo.exceptions import UserError
from odoo.tests import tagged
from openpyxl import Workbook, load_workbook

from .common import HEADING, TWO, FileFactory


@tagged("post_install", "-at_install")
class TestFile(FileFactory, MedCase):
    """A file is tried without doing anything, taken in once, and undone as a whole."""

    requirement = "X3 X4 X6 X7 X8 G3 G5 G6"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.partner_of("FILES")
        cls.qa = cls.user("qa")
        cls.mapping = cls.mapping_of(cls.partner).with_user(cls.qa)

    def messages(self):
        return self.env["med.exchange.message"].search(
            [("exchange_partner_id", "=", self.partner.id)], order="id")

    def taken(self, text, **values):
        file = self.file_of(self.mapping, text, **values)
        file.action_try()
        file.action_apply()
        return file

    def test_trying_shows_everything_and_does_nothing(self):
        file = self.file_of(self.mapping, TWO)
        partners = self.env["res.partner"].search_count([])
        file.action_try()
        self.assertEqual(file.state, "tried")
        self.assertEqual(self.outcomes(file), [(2, "F-1", "make"), (3, "F-2", "make")])
        self.assertIn("/name: Alpha Ltd", file.row_ids[0].changes)
        self.assertFalse(self.messages())
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertFalse(self.env["med.exchange.stream"].search([
            ("exchange_partner_id", "=", self.partner.id)]))
        self.assertFalse(file.row_ids.message_id)

    def test_a_file_is_taken_in_row_by_row_with_event_and_entry_time(self):
        file = self.taken(TWO)
        self.assertEqual(file.state, "applied")
        alpha, beta = self.organisations("F-1", "F-2")
        self.assertEqual((alpha.name, alpha.city, alpha.country_id.code, alpha.is_company),
                         ("Alpha Ltd", "Wuxi", "CN", True))
        one, two = self.messages()
        self.assertEqual((one.origin, one.state, one.sequence, two.sequence),
                         ("file", "applied", 1, 2))
        self.assertEqual(str(one.event_time), "2026-11-20 00:00:00", "08:00 in Shanghai")
        self.assertFalse(two.event_time)
        self.assertGreater(one.sent_at, one.event_time)
        self.assertEqual(alpha.create_uid, self.partner.user_id, "done in the partner's name")
        self.assertEqual(file.row_ids.message_id, one + two)

    def test_late_entry_gives_the_rows_the_time_of_the_file(self):
        self.taken(TWO, event_time="2026-11-19 10:00:00")
        self.assertEqual([str(one.event_time) for one in self.messages()],
                         ["2026-11-20 00:00:00", "2026-11-19 10:00:00"])

    def test_a_change_is_shown_field_by_field_and_the_same_is_not_sent(self):
        self.taken(TWO)
        file = self.file_of(self.mapping, TWO.replace("Suzhou", "Nanjing"))
        file.action_try()
        self.assertEqual(self.outcomes(file), [(2, "F-1", "same"), (3, "F-2", "change")])
        self.assertEqual(file.row_ids[1].changes, "/city: Suzhou → Nanjing")
        self.assertEqual(self.organisations("F-2").city, "Suzhou")
        file.action_apply()
        self.assertEqual(self.organisations("F-2").city, "Nanjing")
        self.assertEqual(len(self.messages()), 3)
        self.assertEqual(self.messages()[2].object_base, 1)

    def test_the_same_file_twice_does_nothing_twice(self):
        self.taken(TWO)
        with self.assertRaisesRegex(UserError, "nothing is taken in twice"):
            self.file_of(self.mapping, TWO, name="other name.csv")
        self.assertEqual(len(self.messages()), 2)

    def test_bad_rows_keep_the_whole_file_out(self):
        file = self.file_of(self.mapping, TWO + "F-3,,Wuxi,CN,\nF-4,Delta,Wuxi,Mars,\n"
                            "F-5,Epsilon,Wuxi,CN,yesterday\nF-1,Again,Wuxi,CN,\n")
        file.action_try()
        self.assertEqual([outcome for _line, _key, outcome in self.outcomes(file)],
                         ["make"] * 2 + ["refused"] * 4)
        self.assertIn("Line 4, column “公司名称”: empty", file.row_ids[2].reasons)
        self.assertIn("Line 5, column “国家”: unknown word", file.row_ids[3].reasons)
        self.assertIn("Line 6, column “发生时间”", file.row_ids[4].reasons)
        self.assertIn("the same key as in line 2", file.row_ids[5].reasons)
        file.action_apply()
        self.assertEqual(file.state, "tried")
        self.assertIn("4 rows cannot be", file.problem)
        self.assertFalse(self.organisations("F-1"))
        self.assertFalse(self.messages())

    def test_a_file_of_bad_rows_alone_is_not_taken_in(self):
        file = self.file_of(self.mapping, HEADING + "F-1,,Wuxi,CN,\n", mode="good")
        file.action_try()
        file.action_apply()
        self.assertEqual(file.state, "tried")
        self.assertIn("Nothing was taken in", file.problem)

    def test_a_conflict_is_left_to_a_person_when_the_good_rows_are_taken(self):
        self.taken(TWO)
        self.organisations("F-2").city = "Shanghai"
        changed = TWO.replace("Suzhou", "Nanjing").replace("Wuxi", "Changzhou")
        file = self.file_of(self.mapping, changed)
        file.action_try()
        self.assertEqual([row.outcome for row in file.row_ids], ["change", "conflict"])
        file.action_apply()
        self.assertEqual(file.state, "tried", "a conflict keeps the whole file out")
        file.mode = "good"
        file.action_apply()
        self.assertEqual(file.state, "part")
        self.assertEqual(self.organisations("F-1", "F-2").mapped("city"),
                         ["Changzhou", "Shanghai"])
        self.assertEqual(self.messages()[-1].state, "conflict")

    def test_a_row_that_is_no_message_holds_up_no_other(self):
        file = self.file_of(self.mapping, TWO.replace("F-1", "F" * 200), mode="good")
        file.action_try()
        self.assertEqual([row.outcome for row in file.row_ids], ["refused", "make"])
        file.action_apply()
        self.assertEqual((file.state, self.messages().mapped("sequence")), ("part", [1]))

    def test_the_good_rows_are_taken_in_by_choice_and_the_rest_later(self):
        text = TWO + "F-3,Gamma,Wuxi,ZZ,\n"
        self.mapping.back_to_draft()
        self.mapping.line_ids[2].words = "中国 = CN\nZedland = ZZ"
        self.mapping.activate()
        file = self.file_of(self.mapping, text, mode="good")
        file.action_try()
        self.assertEqual(self.outcomes(file)[2], (4, "F-3", "refused"))
        self.assertIn("国家", file.row_ids[2].reasons)
        file.action_apply()
        self.assertEqual((file.state, len(self.messages())), ("part", 2))
        self.env["res.country"].create({"name": "Zedland", "code": "ZZ"})
        file.action_apply()
        self.assertEqual((file.state, file.problem, file.row_ids[2].reasons),
                         ("applied", "", ""))
        self.assertEqual(self.organisations("F-3").country_id.code, "ZZ")
        self.assertEqual([one.sequence for one in self.messages()], [1, 2, 3])
        self.assertEqual(len(file.row_ids), 3)

    def test_a_mapping_that_changed_since_the_trial_is_tried_again(self):
        file = self.file_of(self.mapping, TWO)
        file.action_try()
        self.mapping.back_to_draft()
        with self.assertRaisesRegex(UserError, "not in force"):
            file.action_apply()
        self.mapping.line_ids[1].column = "公司名称"
        self.mapping.activate()
        with self.assertRaisesRegex(UserError, "try it again"):
            file.action_apply()
        file.action_try()
        file.action_apply()
        self.assertEqual(self.organisations("F-1").city, "Alpha Ltd")

    def test_a_file_goes_on_where_the_program_stopped_and_it_after_the_file(self):
        self.mapping.back_to_draft()
        self.mapping.stream = "main"
        self.mapping.activate()
        submit = self.env["med.exchange"].with_user(self.partner.user_id).submit

        def send(number, **values):
            return submit([self.envelope(self.partner, sequence=number, **values)])["answers"][0]
        self.assertEqual(send(1)["outcome"], "accepted")
        self.taken(TWO)
        self.assertEqual([one.sequence for one in self.messages()], [1, 2, 3])
        answer = send(4, payload={"name": "Nine", "code": "H-9"}, object="H-9")
        self.assertEqual((answer["outcome"], answer["missing"]), ("accepted", []))

    def program(self):
        """Let the mapping go on in the stream of the partner's program; return what that calls."""
        self.mapping.back_to_draft()
        self.mapping.stream = "main"
        self.mapping.activate()
        return self.env["med.exchange"].with_user(self.partner.user_id)

    def from_program(self, number, thing, name=None, **changes):
        payload = name if isinstance(name, dict) else {"code": thing, "name": name or thing}
        return self.envelope(self.partner, payload, sequence=number, **{
            "object": {"id": thing, "version": 1}, **changes})

    def test_behind_a_gap_a_file_is_taken_in_and_waits(self):
        exchange = self.program()
        late = self.from_program(1, "F-1", "First", id="late")
        exchange.submit([self.from_program(2, "N-2")])
        file = self.file_of(self.mapping, TWO)
        file.action_try()
        self.assertEqual([outcome for *_key, outcome in self.outcomes(file)], ["make", "make"])
        self.assertFalse(self.organisations("F-1", "F-2"), "a trial does nothing")
        file.action_apply()
        self.assertEqual((file.state, file.waiting_count), ("applied", 2))
        self.assertEqual([outcome for *_key, outcome in self.outcomes(file)], ["waiting"] * 2)
        self.assertFalse(self.organisations("F-1", "F-2"))
        exchange.submit([late])
        file.invalidate_recordset()
        self.assertEqual(file.row_ids.mapped("message_state"), ["applied", "applied"])
        self.assertEqual(file.waiting_count, 0)
        self.assertEqual(self.organisations("F-1", "F-2").mapped("name"), ["Alpha Ltd", "Beta Ltd"])
        self.assertEqual(exchange.status()["streams"][0]["expected"], 5)

    def test_a_file_that_waits_is_undone_when_its_turn_has_come(self):
        exchange = self.program()
        exchange.submit([self.from_program(2, "N-2")])
        file = self.taken(TWO)
        told = file.undo(reason="The wrong list")
        self.assertEqual((told["undone"], len(told["left"])), (0, 2))
        self.assertIn("have not come", told["left"][0]["reason"])
        exchange.submit([self.from_program(1, "N-1")])
        self.assertFalse(self.organisations("F-1", "F-2"), "applied, and taken back")
        self.assertEqual(file.undo(reason="The wrong list")["left"], [])

    def test_a_program_that_comes_back_after_a_file_is_told_what_came_of_it(self):
        exchange = self.program()
        self.assertEqual(exchange.submit([self.from_program(1, "N-1")])["answers"][0]["outcome"],
                         "accepted")
        file = self.taken(TWO)
        payloads = {row.object_key: json.loads(row.message_id.sudo().body)["payload"]
                    for row in file.row_ids}
        # Its own order, which is not that of the file's rows.
        queued = [self.from_program(2, "F-2", payloads["F-2"], id="q-2"),
                  self.from_program(3, "F-1", payloads["F-1"], id="q-3")]
        answers = exchange.submit(queued)["answers"]
        self.assertEqual([(one["id"], one["outcome"], one["first"], one["errors"])
                          for one in answers],
                         [("q-2", "duplicate", "accepted", []),
                          ("q-3", "duplicate", "accepted", [])])
        self.assertEqual(self.organisations("F-1", "F-2").mapped("name"), ["Alpha Ltd", "Beta Ltd"])
        kept = self.env["med.exchange.message"].search([("name", "=", "q-2")])
        self.assertEqual((kept.state, kept.same_id, kept.counted),
                         ("same", file.row_ids[1].message_id, False))
        self.assertEqual(exchange.submit(queued)["answers"], answers, "the same, again")
        other = {**queued[0], "payload": {**payloads["F-2"], "name": "Other"}}
        self.assertEqual(exchange.submit([self.sealed(self.partner, {
            name: value for name, value in other.items()
            if name not in ("digest", "signature")})])["answers"][0]["errors"][0]["pointer"],
            "/id", "its id is taken")
        self.assertEqual(exchange.submit([self.from_program(4, "N-4")])["answers"][0]["outcome"],
                         "accepted")
        self.assertFalse(self.partner.activity_ids.filtered(
            lambda one: "wait for a person" in (one.summary or "")))

    def test_other_content_under_a_number_of_a_file_is_refused(self):
        exchange = self.program()
        exchange.submit([self.from_program(1, "N-1", id="n-1")])
        file = self.taken(TWO)
        said = json.loads(file.row_ids[0].message_id.sudo().body)["payload"]
        for sent in (
                self.from_program(2, "F-1", {**said, "city": "Nanjing"}),
                self.from_program(2, "F-9", said),
                self.from_program(2, "F-2", {**said, "name": "Beta Ltd"}),
                self.from_program(2, "F-1", said, schema="nonconformity"),
                self.from_program(1, "F-1", said),  # a number of the program itself
                self.from_program(2, "F-1", {}, action="cancel", cancels="n-1")):
            if sent["action"] == "cancel":
                sent = self.sealed(self.partner, {
                    name: value for name, value in sent.items()
                    if name not in ("digest", "signature")} | {"payload": {}})
            [answer] = exchange.submit([sent])["answers"]
            self.assertEqual((answer["outcome"], [one["pointer"] for one in answer["errors"]]),
                             ("rejected", ["/sequence"]), sent)

    def test_what_people_said_otherwise_since_is_no_repetition(self):
        exchange = self.program()
        exchange.submit([self.from_program(1, "N-1")])
        file = self.taken(TWO)
        self.taken(TWO.replace("Wuxi", "Nanjing"))
        said = json.loads(file.row_ids[0].message_id.sudo().body)["payload"]
        self.assertEqual([exchange.submit([self.from_program(number, "F-1", said)])["answers"][0][
            "outcome"] for number in (2, 3)], ["duplicate", "rejected"])
        exchange.submit([self.from_program(5, "N-5")])
        self.taken(TWO.replace("Suzhou", "Hefei"))
        said = json.loads(file.row_ids[1].message_id.sudo().body)["payload"]
        self.assertEqual(exchange.submit([self.from_program(6, "F-2", said)])["answers"][0][
            "outcome"], "rejected", "people said so before the program came back")

    def test_what_people_took_back_since_is_no_repetition(self):
        exchange = self.program()
        exchange.submit([self.from_program(1, "N-1")])
        file = self.taken(TWO)
        said = json.loads(file.row_ids[0].message_id.sudo().body)["payload"]
        file.undo(reason="The wrong list")
        [answer] = exchange.submit([self.from_program(2, "F-1", said)])["answers"]
        self.assertEqual((answer["outcome"], [one["pointer"] for one in answer["errors"]]),
                         ("rejected", ["/sequence"]))

    def test_what_a_program_repeats_of_a_file_is_told_and_taken_back_as_that(self):
        exchange = self.program()
        file = self.taken(TWO)
        said = json.loads(file.row_ids[0].message_id.sudo().body)["payload"]
        queued = self.from_program(1, "F-1", said, id="q-1")
        exchange.submit([queued])
        self.assertEqual(exchange.status(messages=["q-1"])["messages"][0]["outcome"], "accepted")
        cancel = self.envelope(self.partner, {}, id="q-3", sequence=3, action="cancel",
                               cancels="q-1", object={"id": "F-1", "version": 2, "base": 1})
        self.assertEqual(exchange.submit([cancel])["answers"][0]["outcome"], "accepted")
        self.assertFalse(self.organisations("F-1"))
        self.assertEqual(exchange.submit([queued])["answers"][0]["first"], "undone")

    def test_what_waited_when_a_program_repeats_it_has_the_answer_that_came_of_it(self):
        exchange = self.program()
        exchange.submit([self.from_program(2, "N-2")])
        file = self.taken(TWO)
        said = json.loads(file.row_ids[0].message_id.sudo().body)["payload"]
        queued = self.from_program(3, "F-1", said, id="q-3")
        answers = exchange.submit([queued, self.from_program(1, "N-1")])["answers"]
        self.assertEqual([(one["outcome"], one.get("first")) for one in answers],
                         [("duplicate", "accepted"), ("accepted", None)])

    def test_a_file_is_undone_in_reverse_and_may_come_again(self):
        self.taken(TWO)
        file = self.taken(TWO.replace("Suzhou", "Nanjing").replace("F-1,Alpha", "F-7,Eta"))
        told = file.undo(reason="The list of last month")
        self.assertEqual((told["undone"], told["left"], file.state), (2, [], "undone"))
        self.assertEqual(self.organisations("F-2").city, "Suzhou")
        self.assertFalse(self.organisations("F-7"), "archived")
        cancels = self.messages().filtered(lambda one: one.action == "cancel")
        self.assertEqual(cancels.mapped("object_key"), ["F-2", "F-7"], "the last one first")
        self.assertTrue(all(file.row_ids.mapped("undoing")))
        again = self.taken(TWO.replace("Suzhou", "Nanjing").replace("F-1,Alpha", "F-7,Eta"))
        self.assertEqual((again.state, again.attempt), ("applied", 1))
        self.assertEqual(self.organisations("F-7").name, "Eta Ltd", "in use again")
        self.assertEqual(again.row_ids.filtered(lambda row: row.object_key == "F-7").outcome,
                         "make")
        self.assertEqual(self.organisations("F-2").city, "Nanjing")

    def test_what_cannot_be_undone_stays_and_says_why(self):
        file = self.taken(TWO)
        handler = self.env.registry["med.exchange.organisation"]
        compensate = handler._med_compensate

        def stubborn(self, partner, record, before, message):
            if record.ref == "F-1":
                from odoo.addons.med_exchange.exceptions import Refused
                raise Refused("", "It was shipped.")
            return compensate(self, partner, record, before, message)
        self.patch(handler, "_med_compensate", stubborn)
        told = file.undo(reason="Wrong list")
        self.assertEqual(told["undone"], 1)
        self.assertEqual([(one["line"], one["key"]) for one in told["left"]], [(2, "F-1")])
        self.assertIn("It was shipped.", told["left"][0]["reason"])
        self.assertEqual((file.state, file.left_count), ("undone_part", 1))
        self.assertTrue(self.organisations("F-1"))
        self.patch(handler, "_med_compensate", compensate)
        file.undo(reason="It came back")
        self.assertEqual((file.state, file.left_count), ("undone", 0))

    def test_the_result_says_of_each_row_what_became_of_it(self):
        file = self.file_of(self.mapping, HEADING + "F-1,=1+1,Wuxi,CN,\nF-2,,Wuxi,CN,\n",
                            mode="good")
        file.action_try()
        file.action_apply()
        told = file.result()
        self.assertEqual(told["name"], "customers-result.xlsx")
        sheet = load_workbook(io.BytesIO(base64.b64decode(told["content"]))).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(rows[0][-3:], ["Line", "Status", "Reason"])
        self.assertEqual((rows[1][1], rows[1][-2]), ("=1+1", "Made"))
        self.assertEqual(sheet["B2"].data_type, "s", "text, no formula")
        self.assertEqual(rows[2][-2], "Refused")
        self.assertIn("empty", rows[2][-1])

    def test_a_file_that_cannot_be_read_says_why(self):
        for name, text, words in (
                ("a.csv", "x,y\n1,2\n", "has no column"), ("a.bin", "x", "neither CSV nor XLSX"),
                ("a.xlsx", b"PK\x03\x04broken", "broken"), ("a.csv", HEADING, "no rows")):
            file = self.file_of(self.mapping, text, name=name)
            file.action_try()
            self.assertEqual(file.state, "broken")
            self.assertIn(words, file.problem)

    # ------------------------------------------------------------------ files of other people

    def tried(self, text, name="customers.csv", **values):
        file = self.file_of(self.mapping, text, name, **values)
        file.action_try()
        return file

    def test_western_text_is_asked_for_and_then_read_as_it_was_written(self):
        text = "客户编码,公司名称,城市,国家,发生时间\n".replace("客户编码", "code").replace(
            "公司名称", "name").replace("城市", "city").replace("国家", "land").replace(
            "发生时间", "at") + "F-1,Müller Söhne,Köln,CN,\n"
        self.mapping.back_to_draft()
        for line, column in zip(self.mapping.line_ids, ("name", "city", "land"), strict=False):
            line.column = column
        self.mapping.write({"key_column": "code", "event_column": "at"})
        self.mapping.activate()
        file = self.tried(text.encode("windows-1252"))
        self.assertEqual(file.state, "broken")
        self.assertIn("Encoding unclear", file.problem)
        self.mapping.back_to_draft()
        self.mapping.encoding = "windows-1252"
        self.mapping.activate()
        file.action_try()
        file.action_apply()
        self.assertEqual(file.state, "applied")
        found = self.organisations("F-1")
        self.assertEqual((found.name, found.city), ("Müller Söhne", "Köln"))
        self.mapping.back_to_draft()
        self.mapping.encoding = "auto"
        self.assertTrue(file._med_result())  # by the encoding that it was read in

    def test_a_change_of_the_encoding_asks_for_another_trial(self):
        file = self.tried(TWO)
        self.mapping.back_to_draft()
        self.mapping.encoding = "utf-8"
        self.mapping.activate()
        with self.assertRaisesRegex(UserError, "changed since the file was tried"):
            file.action_apply()

    def test_a_formula_without_value_and_merged_cells_refuse_their_rows(self):
        book = Workbook()
        for row in (HEADING.strip().split(","), ["F-1", "=A9", "Wuxi", "CN", ""],
                    ["F-2", "Beta Ltd", "Suzhou", "CN", ""], ["F-3", "Gamma", "", "CN", ""]):
            book.active.append(row)
        book.active.merge_cells("C3:C4")
        stream = io.BytesIO()
        book.save(stream)
        file = self.tried(stream.getvalue(), "customers.xlsx", mode="good")
        self.assertEqual(self.outcomes(file), [
            (2, "F-1", "refused"), (3, "F-2", "make"), (4, "F-3", "refused")])
        self.assertIn("cell B2 is a formula that was never calculated", file.row_ids[0].reasons)
        self.assertIn("merged cells C3:C4", file.row_ids[2].reasons)

    def test_a_heading_that_stands_twice_is_asked_about(self):
        text = TWO.replace("城市", "公司名称")
        file = self.tried(text)
        self.assertEqual(file.state, "broken")
        self.assertIn("more than one column “公司名称”", file.problem)

    def test_digits_that_were_lost_and_a_cut_end_refuse_their_rows(self):
        file = self.tried(HEADING + "6.90123E+12,Alpha,Wuxi,CN,\nF-2,Beta,Wuxi,CN,\nF-3,Gam",
                          mode="good")
        self.assertEqual([outcome for _line, _key, outcome in self.outcomes(file)],
                         ["refused", "make", "refused"])
        self.assertIn("ends in the middle", file.row_ids[2].reasons)
