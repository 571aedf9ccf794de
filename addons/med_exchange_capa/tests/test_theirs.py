from odoo.addons.med_exchange.exceptions import Refused
from odoo.exceptions import AccessError
from odoo.tests.common import tagged

from .common import CapaExchangeCase


@tagged("post_install", "-at_install")
class TestTheirs(CapaExchangeCase):
    """A partner's own CAPA about our goods is kept beside our nonconformity."""

    requirement = "Q6 V5 V6 X2 X3 ISO-8.5.2"

    def tell(self, record=None, partner=None, **changes):
        return self.apply("corrective_action", self.own(**changes), partner or self.processor,
                          record, object_id="S-CAPA-3")

    def case_of_supplier(self):
        case = self.reported(self.lot)
        case.with_user(self.anna).partner_id = self.supplier
        return case

    def test_it_stands_beside_the_nonconformity_and_quality_is_told(self):
        case = self.case_of_supplier()
        record = self.tell(nonconformity=case.name)
        self.assertRecordValues(record, [{
            "direction": "in", "state": "received", "their_number": "S-CAPA-3",
            "their_state": "open", "nonconformity_id": case.id, "lot_ids": self.lot.ids,
            "partner_id": self.supplier.id, "capa_id": False}])
        self.assertEqual((record.answer_id.cause, record.answer_id.action_ids.what),
                         ("No change interval", "Interval of 3 months"))
        self.assertIn("S-CAPA-3", record.activity_ids.summary)
        self.assertEqual(case.request_count, 1)
        self.assertIn("S-CAPA-3", str(case.message_ids[:1].body))

    def test_each_telling_is_kept_and_the_newest_counts(self):
        record = self.tell()
        again = self.tell(record, state="effective", effectiveness="No open seal in 5 lots",
                          title="Worn jaws, line 2")
        self.assertEqual(again, record)
        self.assertEqual((record.their_state, record.title, record.answer_id.effect,
                          len(record.answer_ids)),
                         ("effective", "Worn jaws, line 2", "No open seal in 5 lots", 2))
        self.assertEqual(record.activity_ids.mapped("summary"), [
            f"{self.supplier.display_name} tells of its CAPA S-CAPA-3: Effective"])
        self.assertEqual(self.export("corrective_action", record)[record.id]["state"],
                         "effective")

    def test_it_is_told_once_through_the_door_and_taken_back(self):
        for version, changes in ((1, {}), (2, {"state": "planned"})):
            self.assertAnswer(self.telling(
                self.processor, "corrective_action", self.own(**changes), "S-CAPA-3",
                version=version), "accepted")
        record = self.env["med.capa.request"].search([("direction", "=", "in")])
        self.assertEqual((len(record), record.their_state), (1, "planned"))
        for version, number in ((3, 2), (4, 1)):
            self.assertAnswer(self.telling(
                self.processor, "corrective_action", {}, "S-CAPA-3", version=version,
                action="cancel", cancels=f"STERILE-{number}"), "accepted")
        self.assertEqual((record.state, record.their_state), ("cancelled", "open"))
        for _time in range(2):  # told anew under its code, and taken back again
            version = self.sequences[self.processor] + 1
            self.assertAnswer(self.telling(
                self.processor, "corrective_action", self.own(), "S-CAPA-3", version=version),
                "accepted")
            anew = self.env["med.capa.request"].search([
                ("direction", "=", "in"), ("state", "=", "received")])
            self.assertEqual((len(anew), anew.their_number), (1, "S-CAPA-3"))
            self.assertNotEqual(anew, record)
            self.assertAnswer(self.telling(
                self.processor, "corrective_action", {}, "S-CAPA-3", version=version + 1,
                action="cancel", cancels=f"STERILE-{version}"), "accepted")
            self.assertEqual(anew.state, "cancelled")

    def test_what_we_cancelled_is_not_taken_back(self):
        self.telling(self.processor, "corrective_action", self.own(), "S-CAPA-3")
        record = self.env["med.capa.request"].search([("direction", "=", "in")])
        record.with_user(self.anna).med_transition("cancel", "Nothing of ours")
        message = self.env["med.exchange.message"].search([("name", "=", "STERILE-1")])
        handler = self.handler("corrective_action", self.processor)
        for before in ({}, {**self.own(), "state": "planned"}):
            with self.assertRaisesRegex(Refused, "cancelled already"):
                handler._med_compensate(
                    self.processor.with_env(handler.env), record.with_env(handler.env), before,
                    message.with_env(handler.env))
        self.assertEqual(self.env["med.capa.request"].search_count([]), 1)

    def test_what_is_not_theirs_is_refused_and_nothing_is_kept(self):
        self.receive(self.tube, {"OTHER": 5}, self.other_supplier)
        case = self.reported(self.lot)
        case.with_user(self.anna).partner_id = self.other_supplier
        for pointer, text, changes in (
                ("/lots/0/lot", "not known", {"lots": [{"product": "TB-1", "lot": "OTHER"}]}),
                ("/products/0", "not known", {"products": ["ST-1"]}),
                ("/nonconformity", "not known", {"nonconformity": case.name}),
                ("/nonconformity", "not known", {"nonconformity": "NC/1"}),
                ("/state", "own corrective action", {"state": "accepted"}),
                ("/title", "one sentence", {"title": ""})):
            with self.subTest(text):
                self.assertRefused(pointer, text, "corrective_action", self.own(**changes),
                                   self.processor)
        self.assertFalse(self.env["med.capa.request"].search_count([]))

    def test_another_partner_does_not_change_it(self):
        record = self.tell()
        self.assertRefused("", "Nothing of yours", "corrective_action",
                           self.own(state="effective"), self.dealer, record)
        theirs = self.tell(partner=self.dealer, lots=[])  # the same number is another's
        self.assertNotEqual(theirs, record)
        self.assertEqual(record.their_state, "open")

    def test_we_do_not_change_what_it_says(self):
        record = self.tell()
        for user in (self.anna, self.env.ref("base.user_admin"), self.env.user):
            for values in ({"title": "Other"}, {"their_state": "effective"},
                           {"nonconformity_id": False}, {"lot_ids": []}):
                with self.subTest(values=values), self.assertRaises(AccessError):
                    record.with_user(user).write(values)
