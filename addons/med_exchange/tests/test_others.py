from .common import PAYLOAD
from .test_submit import InboxCase


class TestOthers(InboxCase):
    """What a partner says of organisations that are not its own waits for a person (X3 X6)."""

    requirement = "X3 X6 V8"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lims.right_ids.conflict_policy = "theirs"
        cls.city = cls.env["res.partner"].create({
            "name": "City Hospital", "ref": "HOS-9", "is_company": True, "street": "Main 1",
            "vat": "DE123456788"})

    def below(self, number, thing, parent, **told):
        """Return an envelope of a contact below an organisation."""
        return self.envelope(
            self.lims, {"name": thing, "is_company": False, "parent": parent, **told},
            id=f"id-{number}", sequence=number, object={"id": thing, "version": 1})

    def test_nobody_redirects_what_goes_to_another_organisation(self):
        sent = [self.below(1, "EV-1", "HOS-9", kind="delivery", street="Thief Street 7"),
                self.below(2, "EV-2", "HOS-9", kind="invoice", email="bill@thief.example"),
                self.below(3, "EV-3", "HOS-9", tax_number="DE999"),
                self.below(4, "EV-4", "HOS-9", street="Thief Street 8")]
        before = self.city.read(["street", "vat", "email"])
        answers = self.submit(*sent)
        self.assertEqual([(one["outcome"], [error["pointer"] for error in one["errors"]])
                          for one in answers], [("conflict", ["/payload/parent"])] * 4)
        self.assertFalse(self.city.child_ids)
        self.assertEqual(self.city.read(["street", "vat", "email"]), before)

    def test_nobody_overwrites_another_organisation_even_when_it_was_met_alike(self):
        told = {"name": "City Hospital", "code": "HOS-9", "kind": "contact", "is_company": True,
                "street": "Main 1", "tax_number": "DE123456788"}
        export = self.env["med.exchange.organisation"]._med_payload(self.city)
        alike = self.envelope(self.lims, export, id="id-1", sequence=1,
                              object={"id": "HOS-9", "version": 1})
        other = self.envelope(self.lims, {**told, "street": "Thief Street 7"}, id="id-2",
                              sequence=2, object={"id": "HOS-9", "version": 2, "base": 1})
        answers = self.submit(alike, other)
        self.assertEqual([one["outcome"] for one in answers], ["accepted", "conflict"])
        self.assertEqual(answers[1]["errors"][0]["pointer"], "/object")
        self.assertEqual(self.city.street, "Main 1")

    def test_a_person_lets_it_be(self):
        self.submit(self.below(1, "EV-1", "HOS-9", kind="delivery", street="New Ramp 7"))
        message = self.message("id-1").with_user(self.qa)
        self.assertTrue(message.both_sides()["differences"])
        with self.assertRaisesRegex(Exception, "return the message"):
            self.decide(message, "ours", "No")
        told = self.decide(message, "theirs", "He asked by phone")
        self.assertEqual(told["state"], "applied")
        self.assertEqual(self.city.child_ids.street, "New Ramp 7")
        later = self.envelope(
            self.lims, {"name": "EV-1", "is_company": False, "parent": "HOS-9",
                        "kind": "delivery", "street": "Thief Street 7"}, id="id-2", sequence=2,
            object={"id": "EV-1", "version": 2, "base": 1})
        self.assertEqual(self.outcomes(later), ["conflict"])

    def test_what_is_its_own_or_made_by_it_is_spoken_of_freely(self):
        self.lims.partner_id.ref = "LIMS-HOME"
        made = self.said(1)
        self.assertEqual(self.outcomes(
            made, self.below(2, "W-1", "H-1", kind="other", street="Ward 1"),
            self.below(3, "W-2", "LIMS-HOME", kind="delivery", street="Ramp 2"),
            self.said(4, "Renamed", version=2)), ["accepted"] * 4)
        self.assertEqual(self.hospital("W-1").parent_id, self.hospital())
        self.assertEqual(self.hospital("W-2").parent_id, self.lims.partner_id)

    def test_a_system_of_ours_may_speak_of_all(self):
        self.lims.organisation_scope = "all"
        self.assertEqual(self.outcomes(
            self.below(1, "EV-1", "HOS-9", kind="delivery", street="Ramp 7")), ["accepted"])
        self.assertEqual(self.city.child_ids.street, "Ramp 7")

    def test_a_contact_changes_no_number_of_what_it_belongs_to(self):
        self.lims.organisation_scope = "all"
        [answer] = self.submit(self.below(1, "EV-1", "HOS-9", tax_number="DE999"))
        self.assertEqual((answer["outcome"], answer["errors"][0]["pointer"]),
                         ("rejected", "/payload/tax_number"))
        self.assertEqual(self.outcomes(
            self.below(2, "EV-2", "HOS-9", tax_number="DE123456788"),
            self.below(3, "EV-3", "HOS-9")), ["accepted"] * 2)
        self.assertEqual(self.city.vat, "DE123456788")
        self.assertEqual(self.outcomes(self.envelope(
            self.lims, {**PAYLOAD, "code": "D-1", "parent": "HOS-9", "tax_number": "DE777"},
            id="id-4", sequence=4, object={"id": "D-1", "version": 1})), ["accepted"])
        self.assertEqual((self.city.vat, self.hospital("D-1").vat), ("DE123456788", "DE777"))
